"""Tables whose rows have a point, as the files that maps read: GeoJSON (RFC 7946) and GeoParquet 1.1."""

from __future__ import annotations

import json
import math
import struct
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.export.files import parquet_schema
from warehouse.export.origin import Origin
from warehouse.file.catalogue import Table

LATITUDE, LONGITUDE, GEOMETRY = "latitude_deg", "longitude_deg", "geometry"

_LITTLE_ENDIAN, _WKB_POINT = 1, 1


def has_points(table: Table) -> bool:
    """Whether the rows of a table have a point of their own."""
    return {LATITUDE, LONGITUDE} <= {column.name for column in table.columns}


def write_geojson(rows: pa.Table, table: Table, file: Path) -> None:
    """Write one feature per row: its point, null where it has none, and the other columns as properties.

    Coordinates are degrees of WGS 84, longitude first, as RFC 7946 has it.
    """
    features = [_feature(row, table) for row in rows.to_pylist()]
    collection = {"type": "FeatureCollection", "name": table.full_name, "features": features}
    file.write_text(json.dumps(collection, ensure_ascii=False, allow_nan=False) + "\n", "utf-8")


def write_geoparquet(rows: pa.Table, table: Table, origin: Origin, file: Path) -> None:
    """Write ``rows`` as Parquet with one more column, ``geometry``: points as WKB, null where there is none.

    The coordinates are those of OGC:CRS84 (WGS 84, longitude first), which GeoParquet takes where no other is
    named.
    """
    points = [_point(row) for row in rows.select([LONGITUDE, LATITUDE]).to_pylist()]
    geometry = pa.array([None if point is None else _wkb(*point) for point in points], pa.binary())
    schema = parquet_schema(rows, table, origin)
    described = pa.field(
        GEOMETRY, pa.binary(), metadata={"description": "The point of latitude_deg and longitude_deg."}
    )
    metadata = {**(schema.metadata or {}), b"geo": json.dumps(_geo(points)).encode()}
    schema = schema.append(described).with_metadata(metadata)
    pq.write_table(pa.Table.from_arrays([*rows.columns, geometry], schema=schema), file, compression="zstd")


def _feature(row: dict[str, Any], table: Table) -> dict[str, Any]:
    point = _point(row)
    key = "/".join(str(row[name]) for name in table.primary_key)
    return {
        "type": "Feature",
        **({"id": key} if key else {}),
        "geometry": None if point is None else {"type": "Point", "coordinates": list(point)},
        "properties": {
            name: _json(value) for name, value in row.items() if name not in (LATITUDE, LONGITUDE)
        },
    }


def _point(row: dict[str, Any]) -> tuple[float, float] | None:
    longitude, latitude = row[LONGITUDE], row[LATITUDE]
    return None if longitude is None or latitude is None else (longitude, latitude)


def _json(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    # JSON has no word for a number that is none.
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _wkb(longitude: float, latitude: float) -> bytes:
    return struct.pack("<BIdd", _LITTLE_ENDIAN, _WKB_POINT, longitude, latitude)


def _geo(points: list[tuple[float, float] | None]) -> dict[str, Any]:
    """Return the metadata of GeoParquet 1.1 for one column of points."""
    placed = [point for point in points if point is not None]
    column: dict[str, Any] = {"encoding": "WKB", "geometry_types": ["Point"] if placed else []}
    if placed:
        longitudes, latitudes = zip(*placed, strict=True)
        column["bbox"] = [min(longitudes), min(latitudes), max(longitudes), max(latitudes)]
    return {"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}
