"""Points are written as readers of maps expect them; DuckDB's own reader of GeoParquet is the judge."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from warehouse.export.request import ExportFormat, ExportRequest
from warehouse.export.run import export

ROWS: list[tuple[Any, ...]] = [
    ("a", -28.86444, 122.54806, 'Mount Weld, "WA"', 8.1),
    ("b", 60.975, -45.99167, None, float("nan")),
    ("c", None, None, "nowhere", None),
    ("d", 0.0, 180.0, "稀土", float("inf")),
]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("points")
    file = folder / "small.duckdb"
    with duckdb.connect(str(file)) as connection:
        for statement in (
            "create schema marts",
            "create schema meta",
            "create table meta.builds (build_id varchar, built_at timestamp, code_version varchar, "
            "is_current boolean)",
            "insert into meta.builds values ('b', '2026-01-02 03:04:05', '0', true)",
            "create table meta.source_files (table_name varchar, file varchar, sha256 varchar)",
            "create table marts.spots (spot_id varchar primary key, latitude_deg double, "
            "longitude_deg double, spot_name varchar, grade double)",
            "create table marts.plain (id integer primary key)",
        ):
            connection.execute(statement)
        connection.executemany("insert into marts.spots values (?, ?, ?, ?, ?)", ROWS)
    export(ExportRequest(folder / "out", file, ("marts",)))
    return folder / "out"


def test_only_tables_with_points_become_maps(exported: Path) -> None:
    written = {path.relative_to(exported).as_posix() for path in exported.rglob("*.*")}
    described = {resource["path"] for resource in _package(exported)["resources"]}

    assert {path for path in written if path.startswith("geo")} == {
        "geojson/marts/spots.geojson",
        "geoparquet/marts/spots.parquet",
    }
    assert written - {"datapackage.json", "croissant.json", "SHA256SUMS", "CITATION.cff"} == described


def test_names_and_kinds_of_the_resources_differ(exported: Path) -> None:
    resources = _package(exported)["resources"]

    assert len({resource["name"] for resource in resources}) == len(resources)
    assert {r["mediatype"] for r in resources if r["name"] == "spots-geojson"} == {"application/geo+json"}


def test_geojson_has_longitude_first_and_no_point_where_there_is_none(exported: Path) -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    text = (exported / "geojson/marts/spots.geojson").read_text(encoding="utf-8")
    collection = json.loads(text, parse_constant=refuse)

    assert collection["type"] == "FeatureCollection"
    assert [(f["type"], f["id"], f["geometry"]) for f in collection["features"]] == [
        ("Feature", "a", {"type": "Point", "coordinates": [122.54806, -28.86444]}),
        ("Feature", "b", {"type": "Point", "coordinates": [-45.99167, 60.975]}),
        ("Feature", "c", None),
        ("Feature", "d", {"type": "Point", "coordinates": [180.0, 0.0]}),
    ]
    assert collection["features"][0]["properties"] == {
        "spot_id": "a",
        "spot_name": 'Mount Weld, "WA"',
        "grade": 8.1,
    }
    assert collection["features"][1]["properties"]["grade"] is None


def test_geoparquet_is_read_as_geometry_by_another_reader(exported: Path) -> None:
    file = exported / "geoparquet/marts/spots.parquet"
    with duckdb.connect() as connection:
        kinds = dict(
            connection.execute(f"select column_name, column_type from (describe from '{file}')").fetchall()
        )
        texts = connection.execute(f"select spot_id, geometry::varchar from '{file}' order by 1").fetchall()

    assert kinds["geometry"].startswith("GEOMETRY")
    assert texts == [
        ("a", "POINT (122.54806 -28.86444)"),
        ("b", "POINT (-45.99167 60.975)"),
        ("c", None),
        ("d", "POINT (180 0)"),
    ]


def test_geoparquet_says_what_version_1_1_asks_for(exported: Path) -> None:
    schema = pq.read_schema(exported / "geoparquet/marts/spots.parquet")

    assert json.loads(schema.metadata[b"geo"]) == {
        "version": "1.1.0",
        "primary_column": "geometry",
        "columns": {
            "geometry": {
                "encoding": "WKB",
                "geometry_types": ["Point"],
                "bbox": [-45.99167, -28.86444, 180.0, 60.975],
            }
        },
    }


def test_formats_can_be_chosen(exported: Path, tmp_path: Path) -> None:
    file = exported.parent / "small.duckdb"
    export(ExportRequest(tmp_path / "out", file, ("marts",), (ExportFormat.geojson,)))

    assert [path.name for path in (tmp_path / "out").rglob("*json") if path.parent.name == "marts"] == [
        "spots.geojson"
    ]


def _package(exported: Path) -> dict[str, Any]:
    package: dict[str, Any] = json.loads((exported / "datapackage.json").read_text(encoding="utf-8"))
    return package
