"""The guide to adding a mart, followed to the letter in a copy of the repository."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.docs.guide import blocks, copy_repository, follow
from warehouse.build.run import BuildSummary


@pytest.mark.slow("a mart is added by the guide alone, with dbt on a copy of the file")
def test_a_mart_added_by_the_guide_can_be_asked(built: BuildSummary, tmp_path: Path) -> None:
    root = tmp_path / "ree"
    copy_repository(root, built.output)

    follow(blocks("add-a-mart.md"), root)

    with duckdb.connect(str(root / "build" / "dev" / "ree.duckdb"), read_only=True) as connection:
        counted = connection.execute(
            "select count(*), sum(projects), sum(projects_reported) from marts.rpt_ndpr_by_country"
        ).fetchone()
        expected = connection.execute(
            "select count(distinct country_iso3), count(*), count(*) filter (p.reported_oxides = 15) "
            "from marts.dim_projects as p join marts.dim_locations using (location_id) "
            "join marts.composition_best_wide as w using (project_id) "
            "where country_iso3 is not null and w.share_basis <> 'other'"
        ).fetchone()
    assert counted == expected
