"""The guide to adding a source, followed to the letter in a copy of the repository."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.docs.guide import blocks, copy_repository, follow
from tests.lineage import ancestors_of, parent_map
from warehouse.build.run import BuildSummary
from warehouse.pages.report.page import render_report


@pytest.mark.slow("a source needs no Python: seal, build, query and pages, as the guide says it")
def test_a_source_added_by_the_guide_alone_reaches_marts_and_lineage(
    built: BuildSummary, tmp_path: Path
) -> None:
    root = tmp_path / "ree"
    copy_repository(root, built.output)

    follow(blocks("add-a-source.md"), root)

    file = root / "build" / "ree.duckdb"
    with duckdb.connect(str(file), read_only=True) as connection:
        rows = connection.execute(
            "select production_treo_t from marts.fct_example_production order by country_iso3"
        ).fetchall()
        source = connection.execute(
            "select file, is_as_recorded from meta.source_files "
            "where table_name = 'example_production__production'"
        ).fetchall()
        keys = connection.execute(
            "select constraint_column_names from duckdb_constraints() "
            "where table_name = 'fct_example_production' and constraint_type = 'PRIMARY KEY'"
        ).fetchall()
        checked = connection.execute(
            "select distinct outcome from quality.check_results "
            "where starts_with(\"check\", 'sources/example_production/production.csv')"
        ).fetchall()
        runs = connection.execute("select count(*) from marts.dim_model_runs").fetchone()
    assert rows == [(24000.0,), (168000.0,), (None,)]
    assert source == [("sources/example_production/production.csv", True)]
    assert keys == [(["country_iso3", "production_year"],)]
    assert checked == [("pass",)]
    assert runs == (1,)
    parents = parent_map((root / "build" / "docs" / "index.html").read_text(encoding="utf-8"))
    found = ancestors_of(parents, "model.ree_warehouse.fct_example_production")
    assert "source.ree_warehouse.raw.example_production__production" in found
    assert "model.ree_warehouse.dim_countries" in found
    report = render_report(file)
    assert "sources/example_production/production.csv" in report
