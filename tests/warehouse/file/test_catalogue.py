"""What a file says of its own tables, read in one place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from warehouse.file.catalogue import (
    Column,
    ForeignKey,
    Relation,
    read_columns,
    read_primary_key,
    read_relations,
    read_schemas,
    read_tables,
    row_count,
    storage_version,
)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(tmp_path / "one.duckdb")) as connection:
        for statement in (
            "create schema b",
            "create schema a",
            "create table b.t (id integer primary key, share_pct double, name varchar not null)",
            "comment on table b.t is 'One row per thing.'",
            "comment on column b.t.share_pct is 'Share (%).'",
            "insert into b.t values (1, 2.0, 'x')",
            "create table b.child (part integer, of_id integer references b.t (id), "
            "primary key (part, of_id))",
            "create view a.v as select id from b.t",
            "comment on view a.v is 'A view.'",
            f"attach '{tmp_path / 'two.duckdb'}' as two",
            "create schema two.c",
            "create table two.c.elsewhere (x integer)",
        ):
            connection.execute(statement)
        yield connection


T = Relation("b", "t", "table", "One row per thing.")


def test_tables_and_views_of_the_own_file_are_listed(connection: duckdb.DuckDBPyConnection) -> None:
    view, child = Relation("a", "v", "view", "A view."), Relation("b", "child", "table", "")

    assert read_relations(connection) == [view, child, T]
    assert read_relations(connection, ["b"]) == [child, T]
    assert [relation.full_name for relation in read_relations(connection, ["a"])] == ["a.v"]
    assert read_schemas(connection, ["one"]) == {"b"}
    assert read_schemas(connection, ["one", "two"]) == {"b", "c"}


def test_columns_keys_and_rows_of_one_are_read(connection: duckdb.DuckDBPyConnection) -> None:
    columns = read_columns(connection, "b", "t")

    assert columns == [
        Column("id", "INTEGER", False, ""),
        Column("share_pct", "DOUBLE", True, "Share (%)."),
        Column("name", "VARCHAR", False, ""),
    ]
    assert [column.is_number for column in columns] == [True, True, False]
    assert [column.name for column in read_columns(connection, "a", "v")] == ["id"]
    assert read_primary_key(connection, T) == ("id",)
    assert read_primary_key(connection, Relation("a", "v", "view", "")) == ()
    assert row_count(connection, T) == 1


def test_tables_are_read_whole_from_any_file(connection: duckdb.DuckDBPyConnection) -> None:
    child, table = read_tables(connection, ["a", "b"])

    assert (child.primary_key, child.foreign_keys) == (
        ("part", "of_id"),
        (ForeignKey(("of_id",), "t", ("id",)),),
    )
    assert table.columns == tuple(read_columns(connection, "b", "t"))
    assert [each.full_name for each in read_tables(connection, ["c"], "two")] == ["c.elsewhere"]
    assert storage_version(connection).startswith("v1.")
