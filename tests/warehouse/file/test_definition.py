"""A table is defined once: created, described and filled by it."""

from __future__ import annotations

import duckdb
import pytest

from warehouse.columns import meaning
from warehouse.errors import ReeError
from warehouse.file.catalogue import read_tables
from warehouse.file.definition import Definition, create, insert

RUNS = Definition(
    "meta",
    "made_up",
    "One row per build. Key: build_id.",
    {"build_id": "varchar", "seconds": "double", "is_current": "boolean"},
    key=("build_id",),
    senses={"is_current": "build"},
)


def test_a_table_has_its_columns_key_and_comments() -> None:
    with duckdb.connect() as connection:
        create(connection, RUNS)
        (table,) = read_tables(connection, ["meta"])

    assert (table.name, table.description, table.primary_key) == ("made_up", RUNS.description, ("build_id",))
    assert {column.name: column.data_type.lower() for column in table.columns} == RUNS.columns
    assert [column.description for column in table.columns] == [
        meaning("build_id"),
        meaning("seconds"),
        meaning("is_current", "build"),
    ]


def test_rows_are_filled_in_order_and_replaced_or_kept() -> None:
    rows = [("a", 1.5, False), ("b", None, True)]
    with duckdb.connect() as connection:
        create(connection, RUNS)
        insert(connection, RUNS, [])
        insert(connection, RUNS, rows)
        create(connection, RUNS, keep=True)
        kept = connection.execute("from meta.made_up order by build_id").fetchall()
        create(connection, RUNS)
        replaced = connection.execute("from meta.made_up").fetchall()

    assert (kept, replaced) == (rows, [])


def test_a_key_holds_and_a_column_nobody_describes_is_refused() -> None:
    with duckdb.connect() as connection:
        create(connection, RUNS)
        insert(connection, RUNS, [("a", 1.0, True)])
        with pytest.raises(duckdb.ConstraintException):
            insert(connection, RUNS, [("a", 2.0, False)])
        with pytest.raises(ReeError, match="nothing says what the column 'no_such_thing' means"):
            create(connection, Definition("meta", "odd", "One row.", {"no_such_thing": "integer"}))
