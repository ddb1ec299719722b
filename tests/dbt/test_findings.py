"""Each kind of finding that looks for impossible figures comes on when one is put in."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from tests.dbt.conftest import Copy
from warehouse.columns import read_meanings
from warehouse.paths import DBT_PROJECT_DIR

FINDINGS = DBT_PROJECT_DIR / "models" / "quality" / "findings"
FIGURES = ("int_project_figures", "int_figure_comparisons", "figure_checks", "findings_figures")


@dataclass(frozen=True)
class Fault:
    """Something put into the published figures.

    Attributes:
        sql: Statement that puts it in.
        then: Models that are made again, in order.
        finding: Type, records and part of the sentence of the finding that must come on.
        turns_red: Data tests that must fail too.
    """

    sql: str
    then: tuple[str, ...]
    finding: tuple[str, str, str]
    turns_red: tuple[str, ...] = ()


FAULTS = {
    "ore printed as oxide": Fault(
        "update marts.dim_projects set resource_treo_t = 492000, ore_t = 492000 * 100 / 0.89 "
        "where project_number = 34",
        FIGURES,
        (
            "ore_against_grade",
            "liu2023-p034",
            "ore 55.3 Mt, a factor of 8.9 from the 492.5 Mt of Weng et al. 2015",
        ),
        ("figures_apart_are_judged",),
    ),
    "a fraction printed as per cent": Fault(
        "update marts.dim_projects set grade_treo_wt_pct = 0.09, ore_t = 72900 * 100 / 0.09 "
        "where project_number = 3",
        FIGURES,
        (
            "ore_against_grade",
            "liu2023-p003",
            "ore 81.0 Mt, a factor of 84.4 from the 1.0 Mt of Iluka Resources",
        ),
        ("figures_apart_are_judged",),
    ),
    "a grade no deposit of the family has": Fault(
        "update marts.dim_projects set grade_treo_wt_pct = 47 where project_number = 1",
        FIGURES,
        (
            "ore_against_grade",
            "liu2023-p001",
            "47.0 %, a factor of 2.4 from the 0.1 % to 20.0 % of plausible",
        ),
        ("figures_apart_are_judged",),
    ),
    "terbium above dysprosium": Fault(
        "update intermediate.int_oxide_shares set share_of_treo_pct = 0.1 "
        "where project_id = 'liu2023-p001' and oxide = 'Dy2O3'",
        ("findings_geology",),
        ("even_odd_breach", "liu2023-p001", "more Tb4O7 (0.140 %) than Dy2O3 (0.100 %)"),
    ),
    "a second analysis far from the first": Fault(
        "update intermediate.int_compositions set share_of_treo_pct = 30 "
        "where composition_id = 'weng_2015-Norra Kärr' and oxide = 'La2O3'",
        ("int_composition_pairs", "rpt_composition_noise", "findings_noise"),
        ("analyses_apart", "liu2023-p012", "Two published analyses of Norra Kärr"),
        ("pairs_apart_are_judged",),
    ),
    "dysprosium ten times too high": Fault(
        "update intermediate.int_oxide_shares set normalised_share = 10 * normalised_share "
        "where composition_id = 'weng_2015-Buckton' and oxide = 'Dy2O3'",
        ("findings_noise",),
        ("pattern_not_smooth", "buckton", "times the Dy2O3 that the elements beside it lead to expect"),
    ),
    "an ionic clay of monazite": Fault(
        "update marts.fct_project_minerals set mineral = 'monazite' "
        "where project_id = 'liu2023-p062' and rank = 1",
        ("findings_geology",),
        ("type_against_host", "liu2023-p062", "but its first host is monazite"),
    ),
    "the edges of a plant left out": Fault(
        "delete from marts.bridge_supply_edges where 'liu2023-f26' in (upstream_id, downstream_id)",
        ("findings_names",),
        ("unlinked_namesake", "liu2023-p032;liu2023-f26", "Nolans plant carries the name of Nolans"),
    ),
}


def found(copy: Copy) -> set[tuple[str, str, str]]:
    rows = copy.connection.execute(
        "select finding_type, record_ids, sentence from quality.findings"
    ).fetchall()
    return {(kind, records, sentence) for kind, records, sentence in rows}


@pytest.mark.parametrize("what", FAULTS)
def test_a_fault_put_in_is_found(copy: Copy, what: str) -> None:
    fault = FAULTS[what]
    before = found(copy)
    assert copy.broken(*fault.turns_red) == set()

    copy.connection.execute(fault.sql)
    copy.make(*fault.then, "findings")

    kind, records, words = fault.finding
    new = found(copy) - before
    assert [one for one in new if one[:2] == (kind, records) and words in one[2]], new
    assert copy.broken(*fault.turns_red) == set(fault.turns_red)


def test_a_judgement_of_a_figure_that_agrees_is_stale(copy: Copy) -> None:
    copy.connection.execute(
        "insert into staging.figure_judgements "
        "values ('liu2023-p001', 'ore', 'second_source', 'accepted', 'a', 'b')"
    )

    assert copy.broken("figures_apart_are_judged") == {"figures_apart_are_judged"}


def test_a_type_that_the_comment_lacks_turns_its_test_red(copy: Copy) -> None:
    test = "named_in_the_comment_findings_finding_type__findings"
    assert copy.broken(test) == set()

    copy.connection.execute("insert into quality.findings values ('x', 'moon_dust', 'a', 'b', 'c')")

    assert copy.broken(test) == {test}


def test_the_comment_lists_the_types_that_there_are() -> None:
    listed = set(re.findall(r"[a-z]+(?:_[a-z]+)+", read_meanings()["finding_type"]))
    written = {
        kind
        for file in FINDINGS.glob("findings_*.sql")
        for kind in re.findall(r"'(\w+)' as finding_type", file.read_text(encoding="utf-8"))
    }

    assert listed == written
    assert len(written) > 20
