"""Tables that no dbt model makes: each is defined once, created with its comments, and filled by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import duckdb

from warehouse.file.catalogue import quoted
from warehouse.file.comments import comment_on


@dataclass(frozen=True)
class Definition:
    """What a table is.

    Attributes:
        schema: Its schema, made if need be.
        name: Its name.
        description: Its comment; the first sentence is the grain.
        columns: The engine's type of each column, by name and in order. What one means, its docs block says.
        key: Columns of the primary key, if it has one.
        senses: Which meaning a column has, of names with several.
    """

    schema: str
    name: str
    description: str
    columns: Mapping[str, str]
    key: tuple[str, ...] = ()
    senses: Mapping[str, str] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """The table as SQL names it."""
        return quoted(self.schema, self.name)


def create(connection: duckdb.DuckDBPyConnection, table: Definition, *, keep: bool = False) -> None:
    """Create a table, empty, with the comments of it and of its columns.

    Args:
        connection: Connection to the file under construction.
        table: The table.
        keep: Leave a table that is there as it is, rows included, instead of replacing it.

    Raises:
        ReeError: If nothing describes one of the columns.
    """
    parts = [f"{quoted(name)} {data_type}" for name, data_type in table.columns.items()]
    if table.key:
        parts.append(f"primary key ({', '.join(map(quoted, table.key))})")
    how = "create table if not exists" if keep else "create or replace table"
    connection.execute(f"create schema if not exists {quoted(table.schema)}")
    connection.execute(f"{how} {table.place} ({', '.join(parts)})")
    comment_on(connection, table.schema, table.name, table.description, senses=table.senses)


def insert(
    connection: duckdb.DuckDBPyConnection, table: Definition, rows: Iterable[Sequence[object]]
) -> None:
    """Append rows, each with a value of every column, in order."""
    values = [tuple(row) for row in rows]
    if not values:
        return
    places = ", ".join("?" * len(table.columns))
    connection.executemany(f"insert into {table.place} values ({places})", values)
