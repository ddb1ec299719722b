"""The model card says what the published file says, and nothing else."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import duckdb
import pytest

from warehouse.build.run import BuildSummary
from warehouse.pages.model_card import TEMPLATES, render_card
from warehouse.pages.model_figures import card_figures
from warehouse.pages.numbers import with_error

DEFINED = {"0", "1", "15", "80", "90", "100", "256", "2023", "157", "105428"}
"""Numbers that templates may state: oxides, bounds of a share, levels of intervals, citations, SHA-256."""


@pytest.fixture(scope="module")
def card(built: BuildSummary) -> str:
    with duckdb.connect(str(built.output), read_only=True) as connection:
        return render_card(connection)


@pytest.fixture
def changed(built: BuildSummary, tmp_path: Path) -> duckdb.DuckDBPyConnection:
    """A copy of the file whose figures may be changed."""
    copy = tmp_path / "ree.duckdb"
    shutil.copyfile(built.output, copy)
    connection = duckdb.connect(str(copy))
    yield connection
    connection.close()


def section(card: str, title: str) -> str:
    return card.split(f"\n## {title}\n")[1].split("\n## ")[0]


def table(text: str, first_column: str) -> list[list[str]]:
    """Rows of the one table whose first column is headed so."""
    (found,) = re.findall(rf"^\| {re.escape(first_column)} \|.*\n\|[-|]+\n((?:\|.*\n)*)", text, re.MULTILINE)
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in found.splitlines()]


def test_the_head_names_the_run_and_the_checklist_its_settings(
    card: str, warehouse: duckdb.DuckDBPyConnection
) -> None:
    key, code, data, seed, settings = warehouse.execute(
        "select run_key, code_version, data_sha256, seed, hyperparameters from marts.dim_model_runs "
        "where is_current"
    ).fetchone()
    chosen = json.loads(settings)
    answers = dict(table(section(card, "The reproducibility checklist"), "question"))
    head = card.split("\n## ")[0]

    assert f"`{key[:16]}...`" in head
    assert f"`{code}`" in head
    assert f"`{data[:16]}...`" in head
    assert answers["Splits"] == (
        f"{chosen['grouped_repeats']} x {chosen['folds']} folds by site, "
        f"{chosen['random_repeats']} x {chosen['folds']} random folds, seed {seed}"
    )
    assert f"{chosen['bootstrap_draws']} draws" in answers["Error bars"]
    assert not re.search(r"\bnan\b|\bNone\b|\{\{|\{%", card)


def test_the_league_is_that_of_the_metrics(card: str, warehouse: duckdb.DuckDBPyConnection) -> None:
    shown = table(section(card, "The league"), "model")
    metric = (
        "from marts.fct_model_metrics join marts.dim_model_runs as runs using (model_run_id) "
        "where is_current and protocol = ? and metric = ? and target = ? and stratum_kind = 'all' "
        "and compared_model_name is not distinct from ?"
    )
    columns = [
        ("grouped_cv", "rmse_pct", "all", None, 2),
        ("grouped_cv", "scaled_rmse", "all", None, 3),
        ("grouped_cv", "aitchison_distance", "all", None, 2),
        ("grouped_cv", "crps_pct", "all", None, 2),
        ("grouped_cv", "rmse_pct", "hree", None, 2),
        ("grouped_cv", "rmse_difference_pct", "all", "champion_blend", 2),
        ("grouped_cv", "rmse_difference_pct", "all", "training_mean", 2),
        ("grouped_cv", "rmse_difference_pct", "all", "family_mean_shrunk", 2),
        ("random_cv", "rmse_pct", "all", None, 2),
    ]
    for place, (*wanted, digits) in enumerate(columns, start=1):
        sql = f"select fct_model_metrics.model_name, value, standard_error {metric} order by value"
        rows = warehouse.execute(sql + " ", wanted).fetchall()
        own = {name: with_error(value, error, digits) for name, value, error in rows}
        if wanted[3] == "champion_blend":  # with minerals hidden the champion is compared with itself
            own.pop("champion_blend", None)
        assert {row[0]: row[place] for row in shown if row[place] != "-"} == own, wanted
    order = warehouse.execute(
        f"select fct_model_metrics.model_name {metric} order by value",
        ["grouped_cv", "rmse_pct", "all", None],
    ).fetchall()
    assert [row[0] for row in shown] == [name for (name,) in order]
    assert len(shown) == 12


def test_families_and_bases_are_those_of_the_metrics(card: str, warehouse: duckdb.DuckDBPyConnection) -> None:
    measured = warehouse.execute(
        "select deposit_family, count(*) from marts.dim_projects join marts.dim_deposit_types "
        "using (deposit_type_id) where has_full_composition group by all"
    ).fetchall()
    errors = warehouse.execute(
        "select stratum_kind, stratum, protocol, value, standard_error from marts.fct_model_metrics "
        "join marts.dim_model_runs using (model_run_id, model_name) where is_current and metric = 'rmse_pct' "
        "and target = 'all' and protocol in ('grouped_cv', 'grouped_cv_minerals_hidden')"
    ).fetchall()
    known = {
        (kind, name, protocol): with_error(value, error) for kind, name, protocol, value, error in errors
    }
    by_family = {row[0]: row for row in table(section(card, "The league"), "family")}
    hosts = table(section(card, "What host minerals do").split("### ")[0], "projects")

    assert {name: int(row[2]) for name, row in by_family.items() if row[2] != "0"} == dict(measured)
    assert len(hosts) == len(measured) + 3
    for name, _, shown, hidden, _ in hosts:
        kind, stratum = (
            ("mineral_basis", name.removeprefix("host ")) if name.startswith("host ") else ("family", name)
        )
        assert shown == known[kind, stratum, "grouped_cv"]
        assert hidden == known[kind, stratum, "grouped_cv_minerals_hidden"]
        assert kind != "family" or by_family[name][4] == shown


def test_the_headline_figures_are_those_of_the_metrics(
    card: str, warehouse: duckdb.DuckDBPyConnection
) -> None:
    rows = warehouse.execute(
        "select protocol, stratum_kind, stratum, metrics.model_name, value, standard_error "
        "from marts.fct_model_metrics as metrics join marts.dim_model_runs using (model_run_id) "
        "where is_current and target = 'all' and metric = 'rmse_pct'"
    ).fetchall()
    known = {tuple(row[:4]): with_error(*row[4:]) for row in rows}
    places = warehouse.execute(
        "select of_what, protocol, stratum_kind, stratum from marts.rpt_headline_errors "
        "where metric = 'rmse_pct' order by headline_place"
    ).fetchall()
    shown = {row[0]: row for row in table(section(card, "Headline figures"), "error of")}

    for of_what, *place in places:
        for column, model in (("champion_blend", 3), ("training_mean", 4), ("family_mean_shrunk", 5)):
            assert shown[of_what][model] == known[*place, column]
    assert len(shown) == len(places) + 1  # CRPS


def test_a_missed_aim_is_said(changed: duckdb.DuckDBPyConnection) -> None:
    aims = changed.execute(
        "select of_what from marts.rpt_headline_errors where aim_pct is not null order by headline_place"
    ).fetchall()
    for is_met, words in ((False, "is missed"), (True, "is met")):
        changed.execute(
            "update marts.rpt_headline_errors set is_aim_met = ? where aim_pct is not null", [is_met]
        )
        card = render_card(changed)
        assert re.findall(r"The aim for (.*) is (?:missed|met):", card) == [name for (name,) in aims]
        assert card.count(words) >= len(aims) == 3


def test_coverage_is_that_of_the_metrics(card: str, warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = warehouse.execute(
        "select target, interval_level, 100 * value, 100 * standard_error from marts.fct_model_metrics "
        "join marts.dim_model_runs using (model_run_id, model_name) where is_current and metric = 'coverage' "
        "and protocol = 'published_intervals' and stratum_kind = 'all'"
    ).fetchall()
    known = {(target, level): with_error(value, error, 1) for target, level, value, error in rows}
    shown = table(section(card, "Intervals"), "target")

    assert [row[0] for row in shown] == ["all", "hree", "ndpr", "magnet"]
    for target, at_80, _, at_90, _ in shown:
        assert (at_80, at_90) == (known[target, 80], known[target, 90])


def test_sentences_follow_the_figures(changed: duckdb.DuckDBPyConnection) -> None:
    changed.execute(
        "update marts.rpt_model_league set is_distinguishable = model_name <> 'ridge' where not is_champion"
    )
    changed.execute("update marts.rpt_interval_coverage set is_off = false")
    changed.execute(
        "update marts.rpt_prediction_strata set unmeasured_without_grade = 4321, measured_sites = 1234 "
        "where stratum_kind = 'all'"
    )
    changed.execute(
        "update marts.rpt_prediction_strata set unmeasured_projects = 5678 where stratum = 'none'"
    )
    card = render_card(changed)

    assert "(`is_distinguishable`): ridge." in card
    assert "No deposit family and no host group is off" in card
    assert "5678 of the" in card
    assert "4321 unmeasured projects state no grade" in card
    assert card.count("1234 sites") == 1

    changed.execute("update marts.rpt_model_league set is_distinguishable = true where not is_champion")
    changed.execute(
        "update marts.rpt_interval_coverage set is_off = true where stratum = 'granite' "
        "and interval_level = 80 and protocol = 'published_intervals'"
    )
    (covered,) = changed.execute(
        "select covered_pct from marts.rpt_interval_coverage where is_off"
    ).fetchone()
    card = render_card(changed)

    assert "every other model is distinguishable" in card
    ((stratum, _, promised, shown),) = table(section(card, "Intervals"), "projects")
    assert (stratum, promised) == ("granite", "80")
    assert shown.startswith(f"{covered:.1f}")


def test_the_mineral_groups_are_those_of_the_mart(card: str, warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = warehouse.execute(
        "select mineral_group, measured_projects, hree_pct_median, farthest_project_name "
        "from marts.rpt_mineral_group_patterns order by measured_projects desc, mineral_group"
    ).fetchall()
    shown = table(section(card, "What host minerals do"), "host group")

    assert [(row[0], row[1], row[2], row[5]) for row in shown] == [
        (group, str(count), f"{hree:.1f}", name) for group, count, hree, name in rows
    ]
    assert f"normalised to CI chondrite, {_reference(warehouse)}" in card


def _reference(warehouse: duckdb.DuckDBPyConnection) -> str:
    (reference,) = warehouse.execute("select distinct chondrite_reference from marts.dim_oxides").fetchone()
    return str(reference)


def test_every_figure_the_card_shows_is_drawn_and_no_other(
    card: str, warehouse: duckdb.DuckDBPyConnection
) -> None:
    drawn = card_figures(warehouse)
    models = [
        name for (name,) in warehouse.execute("select model_name from marts.rpt_model_league").fetchall()
    ]

    assert {f"figures/{name}.svg" for name in drawn} == set(re.findall(r"\((figures/\w+\.svg)\)", card))
    assert all(name in drawn["league"] for name in models)
    families = warehouse.execute(
        "select stratum from marts.rpt_prediction_strata "
        "where stratum_kind = 'family' and measured_projects > 0"
    ).fetchall()
    assert all(family in drawn["calibration"] and family in drawn["patterns"] for (family,) in families)


@pytest.mark.parametrize("name", ["model-card.md.j2", "model-studies.md.j2"])
def test_templates_state_no_figure(name: str) -> None:
    template = (TEMPLATES / name).read_text(encoding="utf-8")
    words = re.sub(r"\{\{.*?\}\}|\{%.*?%\}|`[^`]*`|\]\([^)]*\)", "", template, flags=re.DOTALL)

    assert set(re.findall(r"\d+(?:\.\d+)?", words)) <= DEFINED


@pytest.mark.parametrize(
    ("value", "error", "written"),
    [
        (3.636, 0.347, "3.64 ± 0.35"),
        (-1e-9, None, "0.00"),
        (-0.3, 0.0, "-0.30"),
        (float("nan"), 0.1, "-"),
        (None, None, "-"),
    ],
)
def test_numbers_are_written_with_their_error(value: float, error: float, written: str) -> None:
    assert with_error(value, error) == written
