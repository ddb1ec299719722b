from __future__ import annotations

import re

import duckdb
import yaml

from warehouse.build.run import BuildSummary
from warehouse.columns import meaning
from warehouse.pages.accounting import render_accounting
from warehouse.paths import DBT_PROJECT_DIR, PROJECT_ROOT

OVERVIEW = (DBT_PROJECT_DIR / "docs" / "overview.md").read_text(encoding="utf-8")


def test_the_overview_names_every_mart_and_no_other(warehouse: duckdb.DuckDBPyConnection) -> None:
    marts = {
        name
        for (name,) in warehouse.execute(
            "select table_name from duckdb_tables() where schema_name = 'marts'"
        ).fetchall()
    }
    section = OVERVIEW.split("## Grain and keys")[1].split("##")[0]
    first_cells = [row.split("|")[1] for row in section.splitlines() if row.startswith("|")]
    named = {name for cell in first_cells for name in re.findall(r"`(\w+)`", cell)}

    assert named == marts


def test_the_worked_queries_run(warehouse: duckdb.DuckDBPyConnection) -> None:
    queries = re.findall(r"```sql\n(.*?)```", OVERVIEW, re.DOTALL)

    assert len(queries) >= 3
    for query in queries:
        assert warehouse.execute(query).fetchall(), query


def test_the_accounting_page_is_that_of_the_warehouse(built: BuildSummary) -> None:
    page = (PROJECT_ROOT / "docs" / "accounting.md").read_text(encoding="utf-8")

    assert page == render_accounting(built.output), "run `make accounting`"


def test_rules_of_the_reports_are_described_with_their_numbers() -> None:
    numbers = yaml.safe_load((DBT_PROJECT_DIR / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]

    assert f"exceeds {numbers['distinct_standard_errors']:g} of its standard errors" in meaning(
        "is_distinguishable"
    )
    assert f"Whether {numbers['coverage_judged_projects']:g} or more projects" in meaning("is_off")
    assert f"more than {numbers['coverage_tolerance_pct']:g} from interval_level" in meaning("is_off")
