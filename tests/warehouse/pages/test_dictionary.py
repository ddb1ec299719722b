from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.terminal import ree
from warehouse.build.run import BuildSummary
from warehouse.file.catalogue import read_tables
from warehouse.pages.dictionary import LISTED_SCHEMAS, SHOWN_SCHEMAS, render_dictionary
from warehouse.paths import PROJECT_ROOT


@pytest.fixture(scope="module")
def page(built: BuildSummary) -> str:
    return render_dictionary(built.output)


def rows_of(page: str, table: str) -> list[list[str]]:
    section = page.split(f"\n### {table}\n")[1].split("\n#")[0]
    return [line.split(" | ") for line in section.splitlines() if line.startswith("| `")]


def test_the_committed_page_is_that_of_the_warehouse(page: str) -> None:
    committed = (PROJECT_ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8")

    assert committed == page, "run `make data-dictionary`"


def test_every_column_of_every_table_is_described(page: str, warehouse: duckdb.DuckDBPyConnection) -> None:
    for table in read_tables(warehouse, SHOWN_SCHEMAS):
        rows = rows_of(page, table.name)
        assert [row[0] for row in rows] == [f"| `{name}`" for name in table.column_names]
        assert all(row[4].strip() for row in rows), table.full_name
    for schema in LISTED_SCHEMAS:
        for table in read_tables(warehouse, [schema]):
            (line,) = [
                line for line in page.splitlines() if line.startswith(f"| `{schema}` | `{table.name}` |")
            ]
            assert len(line.split(" | ")[2]) > 10, line


def test_units_keys_references_and_counts_are_shown(page: str) -> None:
    by_name = {row[0].strip("| `"): row for row in rows_of(page, "dim_projects")}

    assert by_name["grade_treo_wt_pct"][1:4] == ["double", "wt-% TREO", "yes"]
    assert by_name["project_id"][1:4] == ["varchar", "", "no"]
    assert by_name["location_id"][5].startswith("[dim_locations](#dim_locations)")
    assert "Primary key: `project_id`. 146 rows." in page.split("### dim_projects\n")[1].split("\n|")[0]


def test_what_varies_between_builds_is_not_told(built: BuildSummary, page: str, tmp_path: Path) -> None:
    later = tmp_path / "later.duckdb"
    later.write_bytes(built.output.read_bytes())
    with duckdb.connect(str(later)) as connection:
        for table in ("meta.builds", "quality.check_results"):
            connection.execute(f"delete from {table}")
        connection.execute("update meta.source_files set sha256 = 'other'")
        for table in ("fct_model_metrics", "fct_composition_predictions", "fct_group_predictions"):
            connection.execute(f"delete from marts.{table} where model_run_id is not null")

    assert render_dictionary(later) == page


def test_the_command_prints_and_writes_the_page(built: BuildSummary, page: str, tmp_path: Path) -> None:
    printed = ree("dictionary", "--file", str(built.output))
    written = ree("dictionary", "--file", str(built.output), "-o", str(tmp_path / "d.md"))

    assert printed.stdout == page == (tmp_path / "d.md").read_text(encoding="utf-8")
    assert written.stdout == ""


def test_signs_of_markup_are_written_as_signs(tmp_path: Path) -> None:
    file = tmp_path / "odd.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema marts")
        connection.execute("create table marts.odd (ce_anomaly double)")
        connection.execute("comment on column marts.odd.ce_anomaly is 'Ce/Ce* | <Ce> (ratio)'")

    assert r"| `ce_anomaly` | double | ratio | yes | Ce/Ce\* \| &lt;Ce> (ratio) |" in render_dictionary(file)
