"""World totals beside the sum of their areas: what is lost, doubled or in another unit breaks the sum."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from tests.dbt.conftest import Compiled
from warehouse.build.run import BuildSummary

TABLES = ("fct_production", "fct_reserves")
DAMAGES = {
    "a country left out": "delete from {} where country_iso3 = 'CHN' and release = 'MCS2025' and year = 2024",
    "a country in thousands of tonnes": "update {} set mine_production_treo_t = 45 "
    "where country_iso3 = 'USA' and release = 'MCS2025' and year = 2024",
    "two editions in one": "insert into {0} select * replace ('MCS2025' as release, 2024 as year) from {0} "
    "where release = 'MCS2024' and year = 2023 and area_kind <> 'world'",
    "a total among the countries": "update {} set area_kind = 'other_countries' "
    "where area_kind = 'world' and release = 'MCS2025' and year = 2024",
}


@pytest.fixture
def totals(built: BuildSummary, compiled: dict[str, Compiled]) -> Iterator[duckdb.DuckDBPyConnection]:
    """The model of world totals as a view on a copy of the statistics."""
    connection = duckdb.connect()
    connection.execute("attach ':memory:' as ree")
    connection.execute("create schema ree.marts")
    connection.execute("create schema ree.intermediate")
    connection.execute(f"attach '{built.output}' as published (read_only)")
    for table in TABLES:
        connection.execute(f"create table ree.marts.{table} as from published.marts.{table}")
    model = compiled["int_world_totals"]
    connection.execute(f"create view {model.relation} as {model.sql}")
    yield connection
    connection.close()


def test_totals_of_production_hold_and_one_of_reserves_is_a_finding(
    totals: duckdb.DuckDBPyConnection, compiled_tests: dict[str, str], warehouse: duckdb.DuckDBPyConnection
) -> None:
    assert totals.execute(compiled_tests["world_production_is_that_of_its_countries"]).fetchall() == []
    counts = totals.execute(
        "select total_of, count(*), count(case when not is_within_rounding then 1 end) "
        "from ree.intermediate.int_world_totals group by total_of order by total_of"
    ).fetchall()
    found = warehouse.execute(
        "select record_ids, sentence from quality.findings where finding_type = 'world_total_differs'"
    ).fetchall()

    assert counts == [("mine_production", 8, 0), ("reserves", 3, 1)]
    assert [release for release, _ in found] == ["MCS2024"]
    assert "prints 110000000 t TREO" in found[0][1]
    assert "sum to 115414500" in found[0][1]


@pytest.mark.parametrize("what", DAMAGES)
def test_what_breaks_the_sum_turns_the_check_red(
    totals: duckdb.DuckDBPyConnection, compiled_tests: dict[str, str], what: str
) -> None:
    totals.execute(DAMAGES[what].format("ree.marts.fct_production"))

    red = totals.execute(compiled_tests["world_production_is_that_of_its_countries"]).fetchall()

    assert [(row[0], row[1]) for row in red] == [("MCS2025", 2024)]


def test_not_available_is_kept_as_printed(warehouse: duckdb.DuckDBPyConnection) -> None:
    printed = warehouse.execute(
        "select release, area_as_published from raw.usgs_mcs__reserves "
        "where reserves_as_published = 'NA' order by all"
    ).fetchall()
    held = warehouse.execute(
        "select release, area_as_published from marts.fct_reserves "
        "where value_status = 'not_available' and reserves_treo_t is null order by all"
    ).fetchall()
    namibia = warehouse.execute(
        "select country_name from marts.dim_countries where country_iso2 = 'NA'"
    ).fetchall()

    assert held == printed
    assert len(printed) == 12
    assert namibia == [("Namibia",)]
    assert warehouse.execute("from marts.fct_reserves where country_iso3 = 'NAM'").fetchall() == []


def test_trade_has_its_partners_and_the_world_and_both_sides_of_it(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    kinds = warehouse.execute(
        "select partner_kind, count(*), count(partner_iso3), count(distinct partner_name) "
        "from marts.fct_trade group by 1 order by 1"
    ).fetchall()
    mirrors = warehouse.execute(
        "select count(*), max(import_to_export_weight) filter (hs_code = '2846' and exporter_iso3 = 'USA'), "
        "min(import_to_export_value) filter (hs_code = '2846' and exporter_iso3 = 'CHN') "
        "from marts.rpt_trade_mirror"
    ).fetchone()

    assert kinds == [("country", 40, 40, 2), ("world", 40, 0, 1)]
    # Concentrate that one side files under compounds is no compound for the other.
    assert mirrors == (20, pytest.approx(0.1057, abs=1e-4), pytest.approx(1.0150, abs=1e-4))
