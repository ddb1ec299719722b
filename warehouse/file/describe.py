"""What the published file says about one of its tables."""

from __future__ import annotations

from typing import Any

import duckdb

from warehouse.errors import ReeError

Description = dict[str, Any]

_RELATIONS = """
    select schema_name, table_name as name, 'table' as kind, comment from duckdb_tables() where not internal
    union all
    select schema_name, view_name, 'view', comment from duckdb_views() where not internal
    order by all
"""

_COLUMNS = """
    select column_name, data_type, is_nullable, comment
    from duckdb_columns() where schema_name = ? and table_name = ? order by column_index
"""

_KEY = """
    select constraint_column_names from duckdb_constraints()
    where schema_name = ? and table_name = ? and constraint_type = 'PRIMARY KEY'
"""

_NEAR_NAMES = 5
_NEAR_SCORE = 60.0


def relation_names(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return every table and view as ``schema.name``."""
    return [f"{schema}.{name}" for schema, name, _, _ in connection.execute(_RELATIONS).fetchall()]


def describe(connection: duckdb.DuckDBPyConnection, asked: str) -> Description:
    """Describe a table or view, named with or without its schema.

    Returns:
        ``table``, ``kind``, ``grain`` (what a row is), ``comment`` (the rest of what is said of it), ``key``
        (columns), ``rows`` and ``columns`` (``column``, ``type``, ``is_nullable``, ``description``).

    Raises:
        ReeError: If there is no such table, naming near ones, or several schemas have one.
    """
    schema, name, kind, comment = _find(connection, asked)
    key = connection.execute(_KEY, [schema, name]).fetchone()
    rows = connection.execute(f'select count(*) from "{schema}"."{name}"').fetchone()
    grain, _, rest = (comment or "").partition(". ")
    return {
        "table": f"{schema}.{name}",
        "kind": kind,
        "grain": grain.rstrip(".") or None,
        "comment": rest or None,
        "key": list(key[0]) if key else [],
        "rows": rows[0] if rows else 0,
        "columns": [
            dict(zip(("column", "type", "is_nullable", "description"), column, strict=True))
            for column in connection.execute(_COLUMNS, [schema, name]).fetchall()
        ],
    }


def _find(connection: duckdb.DuckDBPyConnection, asked: str) -> tuple[str, str, str, str | None]:
    relations = connection.execute(_RELATIONS).fetchall()
    wanted = asked.replace('"', "").casefold()
    found = [r for r in relations if wanted in (r[1].casefold(), f"{r[0]}.{r[1]}".casefold())]
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(f"{r[0]}.{r[1]}" for r in found)
        raise ReeError(f"{asked!r} may mean {names}", "put the schema before the name")
    near = _near(asked, [f"{r[0]}.{r[1]}" for r in relations])
    raise ReeError(
        f"there is no table {asked!r}" + (f"; near are {', '.join(near)}" if near else ""),
        'name one that `ree query "show all tables"` lists',
    )


def _near(asked: str, names: list[str]) -> list[str]:
    from rapidfuzz import fuzz, process

    # The schema is the same for many, and says nothing of likeness.
    bare = {name: name.split(".")[1] for name in names}
    matches = process.extract(
        asked.casefold().rsplit(".")[-1], bare, scorer=fuzz.ratio, limit=_NEAR_NAMES, score_cutoff=_NEAR_SCORE
    )
    return [name for _, _, name in matches]
