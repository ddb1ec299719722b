"""A mistaken coordinate puts a point outside its country or division, and a test says so."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import duckdb
import pytest
from rapidfuzz import fuzz

from tests.dbt.conftest import Compiled
from warehouse.build.run import BuildSummary

TABLES = (
    "intermediate.int_deposit_records",
    "intermediate.int_points",
    "intermediate.int_record_points",
    "intermediate.int_point_outlines",
    "intermediate.int_outline_edges",
    "intermediate.int_site_points",
    "marts.dim_locations",
    "marts.dim_plants",
    "marts.dim_projects",
    "staging.coordinate_spread_reasons",
    "staging.deposit_sites",
    "staging.project_sites",
    "staging.record_countries",
    "staging.record_division_faults",
    "staging.record_divisions",
    "staging.record_point_faults",
    "staging.record_points",
    "staging.site_record_links",
    "staging.stg_natural_earth_outlines__outlines",
    "staging.stg_usgs__records",
)
RECOMPUTED = ("int_record_points", "int_point_outlines")

SIGN = "latitude_deg = -latitude_deg"
WEST = "longitude_deg = -longitude_deg"
ORDER = "latitude_deg = longitude_deg, longitude_deg = latitude_deg"
SLIPS = [
    {
        "liu2023-p001": (SIGN, "points_lie_in_their_country"),
        "liu2023-p002": (WEST, "points_lie_in_their_country"),
        "liu2023-p012": (ORDER, "points_lie_in_their_country"),
        "liu2023-f16": (ORDER, "points_lie_in_their_country"),
        "liu2023-f02": (SIGN, "points_lie_in_their_country"),
        # The sign that a report lost of Pitinga: both points are in Brazil.
        "liu2023-p118": (SIGN, "points_lie_in_their_division"),
    },
    # Within one country only the division shows it: South Australia for Western Australia.
    {"liu2023-p001": ("longitude_deg = longitude_deg + 10", "points_lie_in_their_division")},
]
"""How the point of a record slips, and the test that sees it."""

DAMAGES = [
    (
        "delete from ree.staging.record_point_faults where source_record_key = 'usgs_ofr_02_189:136'",
        "records_outside_their_country_are_judged",
    ),
    (
        "insert into ree.staging.record_point_faults values ('usgs_ofr_02_189:3', 'sign', 'no fault')",
        "records_outside_their_country_are_judged",
    ),
    (
        "delete from ree.staging.record_countries where record_country = 'Canada'",
        "records_outside_their_country_are_judged",
    ),
    (
        "delete from ree.staging.record_division_faults where source_record_key = 'usgs_ofr_2009_1139:1'",
        "records_outside_their_division_are_judged",
    ),
    (
        "update ree.staging.site_record_links set point_verdict = 'credible' "
        "where source_record_key = 'usgs_ofr_02_189:555'",
        "records_outside_their_division_are_judged",
    ),
    (
        "delete from ree.staging.record_divisions where record_division = 'Queensland'",
        "records_outside_their_division_are_judged",
    ),
    ("delete from ree.marts.dim_projects where project_id = 'liu2023-p017'", "points_are_of_records"),
    (
        "delete from ree.staging.coordinate_spread_reasons where site_id = 'glenover'",
        "wide_spreads_are_explained",
    ),
    (
        "insert into ree.staging.coordinate_spread_reasons values ('mount_weld', 'no reason')",
        "wide_spreads_are_explained",
    ),
    (
        "update ree.staging.site_record_links set point_verdict = 'none' "
        "where source_record_key = 'usgs_ofr_02_189:135'",
        "links_judge_coordinates_there_are",
    ),
]


@pytest.fixture(scope="module")
def copy(built: BuildSummary) -> duckdb.DuckDBPyConnection:
    """What the tests of points read, without keys and in memory."""
    connection = duckdb.connect()
    connection.execute("attach ':memory:' as ree")
    with duckdb.connect(str(built.output), read_only=True) as file:
        for table in TABLES:
            connection.register("rows", file.execute(f"select * from {table}").to_arrow_table())
            connection.execute(f"create schema if not exists ree.{table.split('.')[0]}")
            connection.execute(f"create table ree.{table} as from rows")
    return connection


def recompute(copy: duckdb.DuckDBPyConnection, compiled: dict[str, Compiled]) -> None:
    for name in RECOMPUTED:
        copy.execute(f"create or replace table {compiled[name].relation} as {compiled[name].sql}")


@pytest.fixture(params=SLIPS, ids=["first slips", "second slips"])
def slipped(
    request: pytest.FixtureRequest, copy: duckdb.DuckDBPyConnection, compiled: dict[str, Compiled]
) -> Iterator[dict[str, tuple[set[str], set[str]]]]:
    """What each test finds in the records of some slips, before they happen and after."""
    slips: dict[str, tuple[str, str]] = request.param
    names = {name for _, name in slips.values()}

    def found() -> dict[str, set[str]]:
        recompute(copy, compiled)
        return {name: {row[0] for row in copy.execute(compiled[name].sql).fetchall()} for name in names}

    copy.execute("begin")
    kept = ", ".join(f"'{record}'" for record in slips)
    for table, key in (("dim_projects", "project_id"), ("dim_plants", "plant_id")):
        copy.execute(f"delete from ree.marts.{table} where {key} not in ({kept})")
    copy.execute(f"delete from ree.staging.record_points where record_id not in ({kept})")
    before = found()
    for record, (slip, _) in slips.items():
        copy.execute(
            f"update ree.intermediate.int_points set {slip} where coordinate_source = "
            f"(select coordinate_source from ree.staging.record_points where record_id = '{record}')"
        )
    after = found()
    yield {record: (before[name], after[name]) for record, (_, name) in slips.items()}
    copy.execute("rollback")


def test_a_slip_of_a_coordinate_turns_its_test_red(slipped: dict[str, tuple[set[str], set[str]]]) -> None:
    for record, (before, after) in slipped.items():
        assert before == set()
        assert record in after <= set(slipped)


def test_a_slip_of_a_record_that_stands_for_nothing_is_seen_too(
    copy: duckdb.DuckDBPyConnection, compiled: dict[str, Compiled]
) -> None:
    test, aley = compiled["records_outside_their_country_are_judged"].sql, "usgs_ofr_02_189:3"
    copy.execute("begin")
    try:
        copy.execute("delete from ree.staging.record_point_faults")
        copy.execute("delete from ree.staging.record_points")
        copy.execute("delete from ree.staging.stg_usgs__records where source_record_key <> ?", [aley])
        recompute(copy, compiled)
        assert copy.execute(test).fetchall() == []

        copy.execute(f"update ree.staging.stg_usgs__records set {WEST}")
        recompute(copy, compiled)
        assert copy.execute(test).fetchall() == [(aley,)]
    finally:
        copy.execute("rollback")


@pytest.mark.parametrize(("damage", "name"), DAMAGES)
def test_a_damage_of_the_review_turns_its_test_red(
    copy: duckdb.DuckDBPyConnection, compiled: dict[str, Compiled], damage: str, name: str
) -> None:
    assert copy.execute(compiled[name].sql).fetchone() is None

    copy.execute("begin")
    try:
        copy.execute(damage)
        assert copy.execute(compiled[name].sql).fetchone() is not None
    finally:
        copy.execute("rollback")


def parts(name: str) -> list[str]:
    """The parts of a name of a record: whole, without brackets, in brackets, between commas."""
    texts = [name, re.sub(r"\(.*?\)", "", name), *re.findall(r"\((.*?)\)", name)]
    return [piece for text in texts for whole in [text, *text.split(",")] if (piece := plain(whole))]


def plain(text: str) -> str:
    letters = unicodedata.normalize("NFD", text).encode("ascii", "ignore").decode().lower()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", letters).split())


def test_scores_of_names_are_what_rapidfuzz_says(copy: duckdb.DuckDBPyConnection) -> None:
    rows = copy.execute(
        "select distinct site_name, record_name, other_names, name_score "
        "from ree.staging.site_record_links "
        "inner join ree.intermediate.int_deposit_records using (source_record_key) "
        "inner join (select site_id, site_name from ree.staging.project_sites "
        "union select site_id, site_name from ree.staging.deposit_sites) using (site_id)"
    ).fetchall()
    wrong = []
    for site, record, others, stated in rows:
        sides = [plain(site), *(plain(piece) for piece in re.split(r"[/()]| and ", site))]
        names = parts(record) + [piece for other in (others or "").split(";") for piece in parts(other)]
        score = max(fuzz.ratio(a, b) for a in sides for b in names) / 100
        if abs(score - stated) > 0.0051:
            wrong.append((site, record, stated, score))

    assert len(rows) > 1100
    assert wrong == []


def test_enough_projects_have_a_point_of_their_deposit_or_district(built: BuildSummary) -> None:
    with duckdb.connect(str(built.output), read_only=True) as file:
        counts = dict(
            file.execute(
                "select record_kind, sum(records_of_kind)::int from marts.rpt_coordinate_coverage "
                "where coordinate_precision <> 'unknown' group by all"
            ).fetchall()
        )
        [(precise,)] = file.execute(
            "select count(*) from marts.dim_projects "
            "where coordinate_precision in ('deposit', 'district') and latitude_deg is not null"
        ).fetchall()

    assert counts == {"project": 146, "plant": 67}
    assert precise >= 86
