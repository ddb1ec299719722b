"""The tables as files: CSV as RFC 4180 has it, and Parquet that carries its own documentation."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.export.origin import Origin
from warehouse.file.catalogue import Table, quoted

_NEEDS_QUOTES = frozenset(',"\r\n')


def read_rows(connection: duckdb.DuckDBPyConnection, table: Table) -> pa.Table:
    """Return the rows of ``table``, sorted by its key so that equal tables make equal files."""
    order = ", ".join(quoted(name) for name in table.primary_key) or "all"
    return connection.sql(
        f"select * from {quoted(table.schema, table.name)} order by {order}"
    ).to_arrow_table()


def write_csv(rows: pa.Table, file: Path) -> None:
    """Write UTF-8 text with CRLF line ends: nulls blank, booleans true or false, dates as ISO 8601 has them.

    An empty text is written as a pair of quotes, which readers that look at quotes can tell from a null;
    the csv module of Python 3.11 cannot write that difference.
    """
    columns = [column.to_pylist() for column in rows.columns]
    with file.open("w", encoding="utf-8", newline="") as handle:
        handle.write(_line(rows.column_names))
        handle.writelines(_line(values) for values in zip(*columns, strict=True))


def _line(values: Any) -> str:
    return ",".join(_cell(value) for value in values) + "\r\n"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        # Always with microseconds: pandas takes the form of a column from its first value.
        return value.isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    if isinstance(value, str) and (not text or _NEEDS_QUOTES & set(text)):
        return '"' + text.replace('"', '""') + '"'
    return text


def write_parquet(rows: pa.Table, table: Table, origin: Origin, file: Path) -> None:
    """Write ``rows`` with the table's description, key and licence, and each column's comment and unit."""
    schema = parquet_schema(rows, table, origin)
    pq.write_table(pa.Table.from_arrays(rows.columns, schema=schema), file, compression="zstd")


def parquet_schema(rows: pa.Table, table: Table, origin: Origin) -> pa.Schema:
    """Return the schema of ``rows`` with what the file says of the table and of each column."""
    fields = []
    for column in table.columns:
        unit = column.unit
        metadata = {"description": column.description}
        if unit is not None:
            metadata |= {"unit_symbol": unit.symbol} | ({"unit": unit.unit} if unit.unit else {})
        typed = rows.schema.field(column.name)
        fields.append(typed.with_nullable(column.is_nullable).with_metadata(metadata))
    return pa.schema(fields, metadata=_table_metadata(table, origin))


def _table_metadata(table: Table, origin: Origin) -> dict[str, str]:
    keys = [
        {"columns": key.columns, "table": key.table, "referenced": key.referenced}
        for key in table.foreign_keys
    ]
    return {
        "title": table.full_name,
        "description": table.description,
        "primary_key": json.dumps(table.primary_key),
        "foreign_keys": json.dumps(keys),
        "licenses": json.dumps(origin.licences),
        "citation": json.dumps([origin.title, *(source.citation for source in origin.sources)]),
        "build_id": origin.build_id,
        "code_version": origin.code_version,
    }
