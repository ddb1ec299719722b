"""Each guide is followed to the letter in a copy of the repository."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.docs.guide import GUIDES, blocks, copy_repository, follow
from tests.lineage import ancestors_of, parent_map
from warehouse.build.run import BuildSummary
from warehouse.pages.report.page import render_report

TRANSFORM = """
from pathlib import Path
import duckdb, sqlalchemy
from ml import create_tables
from warehouse.build.load import load_sources
from warehouse.paths import DEFAULT_OUTPUT, SOURCES_DIR
from warehouse.sources.read import read_sources
from warehouse.build.transform import run_dbt
with duckdb.connect(str(DEFAULT_OUTPUT)) as connection:
    load_sources(connection, read_sources(SOURCES_DIR))
create_tables(sqlalchemy.create_engine(f"duckdb:///{DEFAULT_OUTPUT}", poolclass=sqlalchemy.NullPool))
models = [word for kind in ("test", "unit_test") for word in ("--exclude-resource-type", kind)]
marts = ("--select", "+dim_projects", "+dim_companies", "+dim_deposit_types")
run_dbt(DEFAULT_OUTPUT, Path("build"), (*marts, *models))
"""


def test_there_is_a_test_for_every_guide() -> None:
    assert {guide.name for guide in GUIDES.glob("*.md")} == {
        "add-a-source.md",
        "add-a-mapping.md",
        "add-a-mart.md",
        "add-a-model.md",
    }


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


def test_a_mart_added_by_the_guide_can_be_asked(built: BuildSummary, tmp_path: Path) -> None:
    root = tmp_path / "ree"
    copy_repository(root, built.output)

    follow(blocks("add-a-mart.md"), root)

    with duckdb.connect(str(root / "build" / "dev" / "ree.duckdb"), read_only=True) as connection:
        counted = connection.execute(
            "select count(*), sum(projects), sum(projects_reported) from marts.rpt_ndpr_by_country"
        ).fetchone()
        expected = connection.execute(
            "select count(distinct country_iso3), count(*), count(*) filter (reported_oxides = 15) "
            "from marts.dim_projects join marts.dim_locations using (location_id) "
            "where country_iso3 is not null"
        ).fetchone()
    assert counted == expected


def test_a_mapping_added_by_the_guide_is_used(built: BuildSummary, tmp_path: Path) -> None:
    root = tmp_path / "ree"
    copy_repository(root, built.output)
    steps = blocks("add-a-mapping.md")
    last_build = max(position for position, step in enumerate(steps) if "ree build" in step.text)

    follow(steps[:last_build], root)
    # An unmapped text stops the build of a sealed table, and the published file stays.
    assert (root / "build" / "ree.duckdb").read_bytes() == built.output.read_bytes()
    # In place of the last build, which trains the ensemble anew: as far as the mapping reaches.
    (root / "build" / "ree.duckdb").unlink()
    done = subprocess.run(
        [sys.executable, "-c", TRANSFORM],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    follow(steps[last_build + 1 :], root)


def test_a_model_added_by_the_guide_plays_in_the_league(built: BuildSummary, tmp_path: Path) -> None:
    root = tmp_path / "ree"
    copy_repository(root, built.output)
    steps = blocks("add-a-model.md")

    # The build that trains everything anew is that of every other test.
    follow([step for step in steps if "ree build" not in step.text], root)

    assert any("ree build" in step.text for step in steps)


@pytest.mark.parametrize("guide", sorted(GUIDES.glob("*.md")), ids=lambda guide: guide.name)
def test_what_a_guide_links_to_is_there(guide: Path) -> None:
    import re

    links = re.findall(r"\]\(([^)#]+)\)", guide.read_text(encoding="utf-8"))

    assert all(link.startswith("https://") or (guide.parent / link).is_file() for link in links)
