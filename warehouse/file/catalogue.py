"""What a file says of its own tables: columns, comments, keys and references."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import duckdb

_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE", "DECIMAL")
_UNSIGNED = ("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT")


@dataclass(frozen=True)
class Column:
    """One column: DuckDB's name of its type, whether it may be null, and its comment."""

    name: str
    data_type: str
    is_nullable: bool
    description: str

    @property
    def is_number(self) -> bool:
        """Whether the column holds numbers."""
        return is_number(self.data_type)


@dataclass(frozen=True)
class ForeignKey:
    """Columns that refer to columns of another table of the same schema."""

    columns: tuple[str, ...]
    table: str
    referenced: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """One table with everything the file says of it."""

    schema: str
    name: str
    description: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...]

    @property
    def full_name(self) -> str:
        """Schema and table, with a point between."""
        return f"{self.schema}.{self.name}"

    @property
    def column_names(self) -> list[str]:
        """Names of the columns, in order."""
        return [column.name for column in self.columns]


def is_number(data_type: str) -> bool:
    """Whether DuckDB's ``data_type`` is one of numbers."""
    return data_type.startswith((*_NUMBERS, *_UNSIGNED)) and not data_type.endswith("]")


def quoted(*names: str) -> str:
    """Return an SQL identifier of one or more parts, each in quotes."""
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)


def read_tables(
    connection: duckdb.DuckDBPyConnection, schemas: Collection[str], catalog: str | None = None
) -> list[Table]:
    """Return the tables of ``schemas``, in alphabetical order. Views are left out.

    Args:
        connection: Connection the file is open in.
        schemas: Names of schemas; one the file does not have yields nothing.
        catalog: Name the file is attached under; the connection's own by default.
    """
    place: Sequence[object] = (catalog or current_catalog(connection), list(schemas))
    tables = connection.execute(
        "select schema_name, table_name, comment from duckdb_tables() "
        "where database_name = ? and schema_name in (select unnest(?)) order by 1, 2",
        place,
    ).fetchall()
    columns = _columns(connection, place)
    primary_keys, foreign_keys = _keys(connection, place)
    return [
        Table(
            schema,
            name,
            comment or "",
            tuple(columns[schema, name]),
            primary_keys.get((schema, name), ()),
            tuple(foreign_keys[schema, name]),
        )
        for schema, name, comment in tables
    ]


def read_comments(connection: duckdb.DuckDBPyConnection, schema: str) -> list[tuple[str, str]]:
    """Return name and comment of every table and view of a schema, in alphabetical order."""
    rows = connection.execute(
        "select table_name, comment from duckdb_tables() "
        "where database_name = current_catalog() and schema_name = $schema union all "
        "select view_name, comment from duckdb_views() "
        "where database_name = current_catalog() and schema_name = $schema order by 1",
        {"schema": schema},
    ).fetchall()
    return [(name, comment or "") for name, comment in rows]


def current_catalog(connection: duckdb.DuckDBPyConnection) -> str:
    """Return the name the connection's own file is attached under."""
    row = connection.execute("select current_catalog()").fetchone()
    assert row is not None
    return str(row[0])


def row_count(connection: duckdb.DuckDBPyConnection, table: Table) -> int:
    """Return the number of rows of a table of the connection's own file."""
    row = connection.execute(f"select count(*) from {quoted(table.schema, table.name)}").fetchone()
    assert row is not None
    return int(row[0])


_Place = tuple[str, str]


def _columns(connection: duckdb.DuckDBPyConnection, place: Sequence[object]) -> dict[_Place, list[Column]]:
    found: dict[_Place, list[Column]] = defaultdict(list)
    rows = connection.execute(
        "select schema_name, table_name, column_name, data_type, is_nullable, comment from duckdb_columns() "
        "where database_name = ? and schema_name in (select unnest(?)) order by 1, 2, column_index",
        place,
    ).fetchall()
    for schema, table, name, data_type, is_nullable, comment in rows:
        found[schema, table].append(Column(name, data_type, is_nullable, comment or ""))
    return found


def _keys(
    connection: duckdb.DuckDBPyConnection, place: Sequence[object]
) -> tuple[dict[_Place, tuple[str, ...]], dict[_Place, list[ForeignKey]]]:
    primary: dict[_Place, tuple[str, ...]] = {}
    foreign: dict[_Place, list[ForeignKey]] = defaultdict(list)
    rows = connection.execute(
        "select schema_name, table_name, constraint_type, constraint_column_names, referenced_table, "
        "referenced_column_names from duckdb_constraints() "
        "where database_name = ? and schema_name in (select unnest(?)) "
        "and constraint_type in ('PRIMARY KEY', 'FOREIGN KEY') order by 1, 2, 3, 4",
        place,
    ).fetchall()
    for schema, table, kind, columns, referenced_table, referenced in rows:
        if kind == "PRIMARY KEY":
            primary[schema, table] = tuple(columns)
        else:
            foreign[schema, table].append(ForeignKey(tuple(columns), referenced_table, tuple(referenced)))
    return primary, foreign
