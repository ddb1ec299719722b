"""Loading: source tables into the ``raw`` schema, every cell as text, with where each row came from."""

from __future__ import annotations

from dataclasses import astuple, dataclass

import duckdb
import pyarrow as pa

from warehouse.file.comments import comment_on
from warehouse.file.definition import Definition, create, insert
from warehouse.paths import display
from warehouse.sources.count import count_rows
from warehouse.sources.delimited import RejectedRow
from warehouse.sources.read import SourceTable

REJECTED_ROWS = Definition(
    "quality",
    "rejected_rows",
    "One row per row of a source file that could not be carried, with its text and the reason.",
    {"file": "varchar", "line": "integer", "text": "varchar", "reason": "varchar"},
)
SOURCE_FILES = Definition(
    "meta",
    "source_files",
    "One row per table read: file, SHA-256 and row accounting (in file = loaded + rejected). "
    "Key: table_name.",
    {
        "table_name": "varchar",
        "file": "varchar",
        "sha256": "varchar",
        "rows_in_file": "integer",
        "rows_loaded": "integer",
        "rows_rejected": "integer",
        "is_as_recorded": "boolean",
    },
    key=("table_name",),
    senses={"table_name": "raw"},
)


@dataclass(frozen=True)
class LoadedTable:
    """Row accounting of one loaded table.

    Attributes:
        name: Table in schema ``raw``.
        file: File it was read from.
        sha256: Hex digest of that file, as the source's contract has it.
        rows_in_file: Rows below the header, as :func:`count_rows` finds them, not the parser that loads.
        rows_loaded: Rows in ``raw``.
        rows_rejected: Rows in ``quality.rejected_rows``.
        is_as_recorded: Whether the content is the one the contract was sealed with.
    """

    name: str
    file: str
    sha256: str
    rows_in_file: int
    rows_loaded: int
    rows_rejected: int
    is_as_recorded: bool


def to_arrow(table: SourceTable) -> pa.Table:
    """Return ``table`` as Arrow, all columns string but the last, ``source_line`` (int32).

    Columns are typed here because an all-empty column has no type of its own.
    """
    names = table.resource.table.names
    columns = [pa.array([r.cells[i] for r in table.records], pa.string()) for i in range(len(names))]
    columns.append(pa.array([table.file.name] * len(table.records), pa.string()))
    columns.append(pa.array([r.line for r in table.records], pa.int32()))
    return pa.Table.from_arrays(columns, names=[*names, "source_file", "source_line"])


def load_sources(connection: duckdb.DuckDBPyConnection, tables: list[SourceTable]) -> list[LoadedTable]:
    """Write ``tables`` to ``raw`` and what was rejected to ``quality.rejected_rows``."""
    connection.execute("create schema if not exists raw")
    for table in tables:
        arrow = to_arrow(table)
        connection.register("incoming", arrow)
        connection.execute(f'create or replace table raw."{table.name}" as select * from incoming')
        connection.unregister("incoming")
        description = f"{table.resource.description} Every cell as it is in the source, as text."
        columns = {field.name: field.meaning for field in table.resource.table.fields}
        comment_on(connection, "raw", table.name, description.strip(), columns=columns)
    _write_rejected(connection, [row for table in tables for row in table.rejected])
    loaded = [_account(connection, table) for table in tables]
    _write_source_files(connection, loaded)
    return loaded


def _account(connection: duckdb.DuckDBPyConnection, table: SourceTable) -> LoadedTable:
    row = connection.execute(f'select count(*) from raw."{table.name}"').fetchone()
    return LoadedTable(
        table.name,
        display(table.file),
        table.sha256,
        count_rows(table.file, table.dialect),
        row[0] if row else 0,
        len(table.rejected),
        table.is_as_recorded,
    )


def _write_rejected(connection: duckdb.DuckDBPyConnection, rejected: list[RejectedRow]) -> None:
    create(connection, REJECTED_ROWS)
    insert(connection, REJECTED_ROWS, [(row.file, row.line, row.text, row.reason) for row in rejected])


def _write_source_files(connection: duckdb.DuckDBPyConnection, loaded: list[LoadedTable]) -> None:
    create(connection, SOURCE_FILES)
    insert(connection, SOURCE_FILES, [astuple(table) for table in loaded])
