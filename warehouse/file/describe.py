"""What the published file says about one of its tables."""

from __future__ import annotations

import re
from typing import Any

import duckdb

from warehouse.errors import ReeError
from warehouse.file.catalogue import (
    Relation,
    read_columns,
    read_primary_key,
    read_relations,
    row_count,
)
from warehouse.file.likeness import hints

Description = dict[str, Any]

# What a table is for, by the convention of its name: the same for many, it says nothing of likeness.
_ROLE = re.compile(r"^(dim|fct|rpt|bridge|int|stg|base)_")


def relation_names(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return every table and view as ``schema.name``."""
    return [relation.full_name for relation in read_relations(connection)]


def describe(connection: duckdb.DuckDBPyConnection, asked: str) -> Description:
    """Describe a table or view, named with or without its schema.

    Returns:
        ``table``, ``kind``, ``grain`` (what a row is), ``comment`` (the rest of what is said of it), ``key``
        (columns), ``rows`` and ``columns`` (of each ``column``, ``type``, ``unit``, ``is_nullable``,
        ``description``).

    Raises:
        ReeError: If there is no such table, naming near ones, or several schemas have one.
    """
    relation = _find(connection, asked)
    grain, _, rest = relation.description.partition(". ")
    return {
        "table": relation.full_name,
        "kind": relation.kind,
        "grain": grain.rstrip(".") or None,
        "comment": rest or None,
        "key": list(read_primary_key(connection, relation)),
        "rows": row_count(connection, relation),
        "columns": [
            {
                "column": column.name,
                "type": column.data_type,
                "unit": column.unit.symbol if column.unit is not None else None,
                "is_nullable": column.is_nullable,
                "description": column.meaning or None,
            }
            for column in read_columns(connection, relation.schema, relation.name)
        ],
    }


def _find(connection: duckdb.DuckDBPyConnection, asked: str) -> Relation:
    relations = read_relations(connection)
    wanted = asked.replace('"', "").casefold()
    found = [r for r in relations if wanted in (r.name.casefold(), r.full_name.casefold())]
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(relation.full_name for relation in found)
        raise ReeError(f"{asked!r} may mean {names}", "put the schema before the name")
    near = hints(_bare(wanted), (relation.full_name for relation in relations), _bare)
    raise ReeError(
        f"there is no table {asked!r}" + (f"; near are {', '.join(near)}" if near else ""),
        'name one that `ree query "show all tables"` lists',
    )


def _bare(name: str) -> str:
    return _ROLE.sub("", name.rsplit(".")[-1])
