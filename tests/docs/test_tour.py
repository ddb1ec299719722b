"""The notebook, run from the first cell to the last against the built file."""

from __future__ import annotations

import json
import re
from typing import Any

import nbformat
import pytest
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

from warehouse.build.run import BuildSummary
from warehouse.paths import PROJECT_ROOT

TOUR = PROJECT_ROOT / "docs" / "tour.ipynb"
FACTS = """
import json
print(json.dumps({
    "projects": connection.sql(
        "select count(*) from marts.composition_best_wide where share_basis <> 'other'"
    ).fetchone()[0],
    "marts": len(connection.sql("from duckdb_tables() where schema_name = 'marts'").fetchall()),
    "countries": sorted(row[0] for row in connection.sql(
        "select distinct country_iso3 from marts.dim_projects join marts.dim_locations using (location_id)"
    ).fetchall()),
    "described": len(tables),
    "mapped": countries.sort_values("country_iso3").to_dict("records"),
    "drawn": neodymium.to_dict("records"),
    "baskets": baskets.to_dict("records"),
}))
"""


@pytest.fixture(scope="module")
def run(built: BuildSummary, tmp_path_factory: pytest.TempPathFactory) -> nbformat.NotebookNode:
    tour = nbformat.read(TOUR, as_version=4)
    tour.cells.append(nbformat.v4.new_code_cell(FACTS))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REE_FILE", str(built.output))
        # Sockets of the file system: nothing listens on the network, not even on loopback.
        sockets = str(tmp_path_factory.mktemp("kernel") / "socket")
        kernel = AsyncKernelManager(kernel_name="python3", transport="ipc", ip=sockets)
        resources = {"metadata": {"path": str(TOUR.parent)}}
        return NotebookClient(tour, km=kernel, timeout=300, resources=resources).execute()


@pytest.fixture
def facts(run: nbformat.NotebookNode) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run.cells[-1].outputs[0].text)
    return found


def pictures(run: nbformat.NotebookNode) -> list[str]:
    return [
        output["data"]["image/svg+xml"]
        for cell in run.cells
        for output in cell.get("outputs", [])
        if "image/svg+xml" in output.get("data", {})
    ]


def test_it_is_ten_cells_without_outputs() -> None:
    tour = nbformat.read(TOUR, as_version=4)
    nbformat.validate(tour)

    assert len(tour.cells) == 10
    assert all(not cell.get("outputs") and cell.get("execution_count") is None for cell in tour.cells)


def test_the_map_colours_every_country_with_projects(
    run: nbformat.NotebookNode, facts: dict[str, Any]
) -> None:
    picture = pictures(run)[-1]

    assert [row["country_iso3"] for row in facts["mapped"]] == facts["countries"]
    assert sum(row["projects"] for row in facts["mapped"]) == facts["projects"]
    coloured = [label for label in re.findall(r'aria-label="([^"]*)"', picture) if "country_name" in label]
    assert len(coloured) == len(facts["countries"])
    assert all(any(row["country_name"] in label for label in coloured) for row in facts["mapped"])
    assert "Magnet REO, % of TREO" in picture


def test_the_intervals_are_drawn(run: nbformat.NotebookNode, facts: dict[str, Any]) -> None:
    predicted = [row for row in facts["drawn"] if row["value_origin"] == "predicted"]

    assert predicted
    assert all(row["lower_90_pct"] <= row["nd2o3_pct"] <= row["upper_90_pct"] for row in predicted)
    assert pictures(run)[0].count('aria-roledescription="point"') == len(facts["drawn"])


def test_the_join_with_a_table_of_ones_own_gives_every_project_of_known_basis(facts: dict[str, Any]) -> None:
    assert len(facts["baskets"]) == facts["projects"]
    assert min(row["basket_usd_per_kg"] for row in facts["baskets"]) > 0
    assert facts["described"] == facts["marts"]
