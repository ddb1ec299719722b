"""Comments inside the file, for the tables that no dbt model describes."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from warehouse.file.catalogue import literal, quoted


def comment_on(
    connection: duckdb.DuckDBPyConnection,
    schema: str,
    table: str,
    description: str,
    columns: Mapping[str, str],
) -> None:
    """Write the description of a table and of its columns into the file.

    Args:
        connection: Connection to the file under construction.
        schema: Schema of the table.
        table: Table.
        description: Comment of the table; its first sentence is the grain.
        columns: Comment of each column, with its unit in brackets.

    Raises:
        duckdb.CatalogException: If the table or a column is not there.
    """
    connection.execute(f"comment on table {quoted(schema, table)} is {literal(description)}")
    for name, comment in columns.items():
        connection.execute(f"comment on column {quoted(schema, table, name)} is {literal(comment)}")
