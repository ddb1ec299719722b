"""The notebook, run from the first cell to the last against the built file."""

from __future__ import annotations

import json
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from warehouse.build import BuildSummary
from warehouse.paths import PROJECT_ROOT

TOUR = PROJECT_ROOT / "docs" / "tour.ipynb"
FACTS = """
import json
print(json.dumps({
    "projects": connection.sql("select count(*) from marts.dim_projects").fetchone()[0],
    "marts": len(connection.sql("from duckdb_tables() where schema_name = 'marts'").fetchall()),
    "countries": sorted(row[0] for row in connection.sql(
        "select distinct country_iso3 from marts.dim_projects join marts.dim_locations using (location_id)"
    ).fetchall()),
    "described": len(tables),
    "mapped": int(countries["projects"].sum()),
    "baskets": len(baskets),
    "lowest": float(baskets["basket_usd_per_kg"].min()),
}))
"""


@pytest.fixture(scope="module")
def run(built: BuildSummary) -> nbformat.NotebookNode:
    tour = nbformat.read(TOUR, as_version=4)
    tour.cells.append(nbformat.v4.new_code_cell(FACTS))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REE_FILE", str(built.output))
        client = NotebookClient(tour, timeout=300, resources={"metadata": {"path": str(TOUR.parent)}})
        return client.execute()


@pytest.fixture
def facts(run: nbformat.NotebookNode) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run.cells[-1].outputs[0].text)
    return found


def charts(run: nbformat.NotebookNode) -> list[dict[str, Any]]:
    return [
        content
        for cell in run.cells
        for output in cell.get("outputs", [])
        for kind, content in output.get("data", {}).items()
        if kind.startswith("application/vnd.vegalite")
    ]


def test_it_is_ten_cells_without_outputs() -> None:
    tour = nbformat.read(TOUR, as_version=4)
    nbformat.validate(tour)

    assert len(tour.cells) == 10
    assert all(not cell.get("outputs") and cell.get("execution_count") is None for cell in tour.cells)


def test_the_map_has_a_circle_for_every_country(run: nbformat.NotebookNode, facts: dict[str, Any]) -> None:
    maps = [chart for chart in charts(run) if "projection" in chart]

    assert len(maps) == 1
    layer = maps[0]["layer"][-1]
    rows = maps[0]["datasets"][layer["data"]["name"]]
    assert sorted(row["country_iso3"] for row in rows) == facts["countries"]
    assert all(-90 <= row["latitude_deg"] <= 90 and -180 <= row["longitude_deg"] <= 180 for row in rows)
    assert facts["mapped"] == facts["projects"]


def test_the_join_with_a_table_of_ones_own_gives_every_project(facts: dict[str, Any]) -> None:
    assert facts["baskets"] == facts["projects"]
    assert facts["lowest"] > 0
    assert facts["described"] == facts["marts"]


def test_the_intervals_are_drawn(run: nbformat.NotebookNode) -> None:
    chart = next(chart for chart in charts(run) if "projection" not in chart)
    rows = next(iter(chart["datasets"].values()))

    predicted = [row for row in rows if row["value_origin"] == "predicted"]
    assert predicted
    assert all(row["lower_90_pct"] <= row["nd2o3_pct"] <= row["upper_90_pct"] for row in predicted)
