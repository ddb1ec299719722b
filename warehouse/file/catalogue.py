"""What a file says of its own tables: columns, comments, keys and references."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import duckdb

from warehouse.columns import Unit, says_unit, unit_by_name, unit_stated, without_unit

_FRACTIONS = ("FLOAT", "DOUBLE", "DECIMAL")
_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", *_FRACTIONS)
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

    @property
    def unit(self) -> Unit | None:
        """What it is measured in; none for texts and for numbers without a unit.

        A file of an earlier version does not name units in its comments as this one does: there the column's
        name decides.
        """
        if says_unit(self.description):
            return unit_stated(self.description)
        return unit_by_name(self.name) if self.is_number else None

    @property
    def meaning(self) -> str:
        """The comment without the unit."""
        return without_unit(self.description)


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


def is_fraction(data_type: str) -> bool:
    """Whether DuckDB's ``data_type`` is one of numbers that are not whole."""
    return is_number(data_type) and data_type.startswith(_FRACTIONS)


def quoted(*names: str) -> str:
    """Return an SQL identifier of one or more parts, each in quotes."""
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)


def literal(text: str) -> str:
    """Return an SQL literal of ``text``, for statements that take no parameters."""
    return "'" + text.replace("'", "''") + "'"


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


@dataclass(frozen=True)
class Relation:
    """A table or view and its comment: ``kind`` is ``table`` or ``view``."""

    schema: str
    name: str
    kind: str
    description: str

    @property
    def full_name(self) -> str:
        """Schema and name, with a point between."""
        return f"{self.schema}.{self.name}"


def read_relations(
    connection: duckdb.DuckDBPyConnection, schemas: Collection[str] | None = None
) -> list[Relation]:
    """Return the tables and views of the connection's own file, in alphabetical order.

    Args:
        connection: Connection the file is open in.
        schemas: Names of schemas; all by default.
    """
    rows = connection.execute(
        "select schema_name, table_name, 'table', comment from duckdb_tables() "
        "where database_name = current_catalog() and not internal union all "
        "select schema_name, view_name, 'view', comment from duckdb_views() "
        "where database_name = current_catalog() and not internal order by all"
    ).fetchall()
    found = [Relation(schema, name, kind, comment or "") for schema, name, kind, comment in rows]
    return [relation for relation in found if schemas is None or relation.schema in schemas]


def read_columns(connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> list[Column]:
    """Return the columns of a table or view of the connection's own file, in order."""
    return _columns(connection, (current_catalog(connection), [schema]))[schema, name]


def read_primary_key(connection: duckdb.DuckDBPyConnection, relation: Relation) -> tuple[str, ...]:
    """Return the columns of the primary key; none where none is declared."""
    primary_keys, _ = _keys(connection, (current_catalog(connection), [relation.schema]))
    return primary_keys.get((relation.schema, relation.name), ())


def read_schemas(connection: duckdb.DuckDBPyConnection, catalogs: Collection[str]) -> set[str]:
    """Return the names of the schemas that hold tables in any of ``catalogs``."""
    rows = connection.execute(
        "select distinct schema_name from duckdb_tables() where database_name in (select unnest(?))",
        [list(catalogs)],
    ).fetchall()
    return {schema for (schema,) in rows}


def current_catalog(connection: duckdb.DuckDBPyConnection) -> str:
    """Return the name the connection's own file is attached under."""
    row = connection.execute("select current_catalog()").fetchone()
    assert row is not None
    return str(row[0])


def storage_version(connection: duckdb.DuckDBPyConnection) -> str:
    """Return the version of the engine that the connection's own file can be read from."""
    row = connection.execute(
        "select tags['storage_version'] from duckdb_databases() where database_name = current_catalog()"
    ).fetchone()
    assert row is not None
    return str(row[0])


def row_count(connection: duckdb.DuckDBPyConnection, table: Table | Relation) -> int:
    """Return the number of rows of a table or view of the connection's own file."""
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
