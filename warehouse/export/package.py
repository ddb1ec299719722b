"""``datapackage.json``: what every exported file and column is, as a Frictionless Data Package."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from warehouse import __version__
from warehouse.digest import sha256_of_file
from warehouse.export.origin import Origin
from warehouse.export.types import field_type
from warehouse.file.catalogue import Column, ForeignKey, Table

PACKAGE_NAME = "ree-warehouse"
_DESCRIPTION = (
    "Tables of the ree-warehouse as CSV and as Parquet, and those whose rows have a point as GeoJSON and "
    "GeoParquet too. In CSV a blank cell is a null, a pair of quotes an "
    "empty text. NA is the code of Namibia, not a missing value: in pandas, read the CSV with "
    'keep_default_na=False, na_values=[""].'
)
_MEDIATYPES = {
    "parquet": "application/vnd.apache.parquet",
    "geojson": "application/geo+json",
    "geoparquet": "application/vnd.apache.parquet",
}


def describe_package(folder: Path, files: list[tuple[Table, Path]], origin: Origin) -> dict[str, Any]:
    """Return the content of ``datapackage.json`` for the files written to ``folder``."""
    return {
        "profile": "data-package",
        "name": PACKAGE_NAME,
        "title": origin.title,
        "description": _DESCRIPTION,
        "version": __version__,
        "created": f"{origin.built_at:%Y-%m-%dT%H:%M:%SZ}",
        "buildId": origin.build_id,
        "codeVersion": origin.code_version,
        "keywords": origin.citation["keywords"],
        "licenses": origin.licences,
        "contributors": [
            {"title": author["name"], "role": "author"} for author in origin.citation["authors"]
        ],
        "sources": _sources(origin),
        "resources": [_resource(folder, table, file, files) for table, file in files],
    }


def _sources(origin: Origin) -> list[dict[str, Any]]:
    described = []
    for source in origin.sources:
        stated = (source.model_extra or {}).get("sources") or [{}]
        described.append(
            {
                "title": source.title,
                **({"path": stated[0]["path"]} if "path" in stated[0] else {}),
                "citation": source.citation,
                "licenses": list(source.licenses),
                "files": [
                    {"path": file.name, "hash": f"sha256:{file.sha256}"}
                    for file in origin.source_files[source.name]
                ],
            }
        )
    return described


def _resource(folder: Path, table: Table, file: Path, files: list[tuple[Table, Path]]) -> dict[str, Any]:
    common = {
        "title": table.full_name,
        "description": table.description,
        "path": file.relative_to(folder).as_posix(),
        "bytes": file.stat().st_size,
        "hash": f"sha256:{sha256_of_file(file)}",
    }
    form = file.relative_to(folder).parts[0]
    if form in _MEDIATYPES:
        # A file, not a table: it holds its own schema, and few validators read it.
        return {
            "name": f"{table.name}-{form}",
            "type": "file",
            "format": form,
            "mediatype": _MEDIATYPES[form],
            **common,
        }
    neighbours = {t.name for t, f in files if f.suffix == ".csv" and t.schema == table.schema}
    return {
        "name": table.name,
        "type": "table",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "lineTerminator": "\r\n"},
        **common,
        "schema": _schema(table, neighbours),
    }


def _schema(table: Table, neighbours: set[str]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(table, column) for column in table.columns],
        "missingValues": [""],
    }
    if table.primary_key:
        schema["primaryKey"] = list(table.primary_key)
    references = [_reference(key, table) for key in table.foreign_keys if key.table in neighbours]
    if references:
        schema["foreignKeys"] = references
    return schema


def _field(table: Table, column: Column) -> dict[str, Any]:
    unit = column.unit
    return {
        "name": column.name,
        "type": field_type(table, column),
        "description": column.description,
        **({"unit": unit.unit} if unit is not None and unit.unit else {}),
        **({"unitSymbol": unit.symbol} if unit is not None else {}),
        **({} if column.is_nullable else {"constraints": {"required": True}}),
    }


def _reference(key: ForeignKey, table: Table) -> dict[str, Any]:
    # A reference to the table itself is written with an empty name.
    resource = "" if key.table == table.name else key.table
    return {
        "fields": list(key.columns),
        "reference": {"resource": resource, "fields": list(key.referenced)},
    }
