"""Comments inside the file, for the tables that no dbt model describes."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from warehouse.columns import meaning
from warehouse.file.catalogue import literal, quoted, read_columns, read_tables

MODEL_SCHEMA = "ml"
_SENSES_OF_MODELS = {"is_current": "run", "seed": "random", "variant": "hidden"}


def comment_on(
    connection: duckdb.DuckDBPyConnection,
    schema: str,
    table: str,
    description: str,
    *,
    columns: Mapping[str, str] | None = None,
    senses: Mapping[str, str] | None = None,
) -> None:
    """Write the description of a table and of each of its columns into the file.

    Args:
        connection: Connection to the file under construction.
        schema: Schema of the table.
        table: Table.
        description: Comment of the table; its first sentence is the grain.
        columns: Comments of the columns that a contract describes; the others mean what their block says.
        senses: Which meaning a column has, of names with several.

    Raises:
        ReeError: If nothing describes one of the columns.
        duckdb.CatalogException: If the table is not there.
    """
    connection.execute(f"comment on table {quoted(schema, table)} is {literal(description)}")
    _comment_on_columns(connection, schema, table, columns or {}, senses or {})


def comment_on_model_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Write what each column means into the tables of the ensemble, which describes its tables alone.

    Raises:
        ReeError: If nothing describes one of the columns.
    """
    for table in read_tables(connection, [MODEL_SCHEMA]):
        _comment_on_columns(connection, table.schema, table.name, {}, _SENSES_OF_MODELS)


def _comment_on_columns(
    connection: duckdb.DuckDBPyConnection,
    schema: str,
    table: str,
    columns: Mapping[str, str],
    senses: Mapping[str, str],
) -> None:
    for column in read_columns(connection, schema, table):
        comment = columns.get(column.name) or meaning(column.name, senses.get(column.name))
        connection.execute(f"comment on column {quoted(schema, table, column.name)} is {literal(comment)}")
