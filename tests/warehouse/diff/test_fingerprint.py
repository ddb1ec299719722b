"""A fingerprint sees every change of a table but that of the order."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from tests.terminal import ree
from warehouse.diff.compare import DiffRequest, compare
from warehouse.diff.fingerprint import fingerprint_table, read_stored, take_fingerprint
from warehouse.errors import ReeError
from warehouse.file.catalogue import read_tables

ROWS = [
    ("('a', 1, 0.0, 'x', true, null, timestamp '2026-01-01 00:00:00')"),
    ("('b', 2, 0.1, '', false, date '2026-01-01', timestamp '2026-01-01 00:00:00')"),
    ("('c', null, null, 'é', null, null, timestamp '2026-01-01 00:00:00')"),
]
COLUMNS = "id varchar, n integer, pct double, name varchar, flag boolean, day date, built_at timestamp"


def write(file: Path, rows: list[str], columns: str = COLUMNS, *more: str) -> Path:
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema marts")
        connection.execute(f"create table marts.t ({columns})")
        connection.execute(f"insert into marts.t values {', '.join(rows)}")
        for statement in more:
            connection.execute(statement)
    return file


def of(file: Path, with_volatile: bool = False) -> str:
    return take_fingerprint(file, with_volatile=with_volatile).of_all


def test_the_order_of_rows_and_columns_does_not_count(tmp_path: Path) -> None:
    one = write(tmp_path / "one.duckdb", ROWS)
    other = write(tmp_path / "other.duckdb", ROWS[::-1])
    with duckdb.connect(str(other)) as connection:
        connection.execute(
            "create or replace table marts.t as "
            "select built_at, day, flag, name, n, pct, id from marts.t order by name"
        )

    assert of(one) == of(other)


@pytest.mark.parametrize(
    "change",
    [
        "update marts.t set id = 'd' where id = 'a'",
        "update marts.t set n = 2 where id = 'a'",
        "update marts.t set n = 0 where id = 'c'",
        "update marts.t set pct = 0.1 + 1e-16 where id = 'b'",
        "update marts.t set pct = null where id = 'a'",
        "update marts.t set name = null where id = 'b'",
        "update marts.t set name = '-' where id = 'b'",
        "update marts.t set name = 'e' where id = 'c'",
        "update marts.t set flag = null where id = 'b'",
        "update marts.t set day = date '2026-01-01' where id = 'a'",
        "update marts.t set id = name, name = id where id = 'a'",
        "insert into marts.t from marts.t where id = 'a'",
        "delete from marts.t where id = 'c'",
        "alter table marts.t rename n to m",
        "alter table marts.t alter n type bigint",
        "create table marts.u (a integer)",
    ],
)
def test_any_change_that_a_diff_sees_counts(tmp_path: Path, change: str) -> None:
    before = write(tmp_path / "before.duckdb", ROWS)
    after = write(tmp_path / "after.duckdb", ROWS, COLUMNS, change)

    assert of(before) != of(after)
    assert not compare(DiffRequest(before, after, is_exact=True)).is_equal


def test_one_cell_of_any_column_of_a_mart_counts(warehouse: duckdb.DuckDBPyConnection) -> None:
    projects = warehouse.execute("from marts.dim_projects").to_arrow_table()
    with duckdb.connect() as connection:
        connection.execute("create schema marts")
        connection.register("projects", projects)
        connection.execute("create table marts.t as from projects")
        (table,) = read_tables(connection, ["marts"])
        digests = {fingerprint_table(connection, table, None, with_volatile=True)}
        for column in table.columns:
            connection.execute("begin")
            other = {"VARCHAR": "'changed'", "BOOLEAN": f"{column.name} is not true"}.get(
                column.data_type, "-1"
            )
            connection.execute(f"update marts.t set {column.name} = {other} where rowid = 7")
            digests.add(fingerprint_table(connection, table, None, with_volatile=True))
            connection.execute("rollback")

    assert len(digests) == len(table.columns) + 1 > 30


def test_a_text_does_not_run_into_the_next_one(tmp_path: Path) -> None:
    columns = "a varchar, b varchar"

    one, other = ([f"('{a}', '{b}')"] for a, b in (("xy", "z"), ("x", "yz")))
    assert of(write(tmp_path / "1.duckdb", one, columns)) != of(write(tmp_path / "2.duckdb", other, columns))


def test_fractions_count_by_value_and_when_things_were_made_does_not(tmp_path: Path) -> None:
    one = write(tmp_path / "one.duckdb", ROWS)
    other = write(
        tmp_path / "other.duckdb",
        [ROWS[0].replace("0.0", "'-0.0'::double"), *ROWS[1:]],
        COLUMNS,
        "update marts.t set built_at = timestamp '2027-01-01'",
    )

    assert compare(DiffRequest(one, other)).is_equal
    assert of(one) == of(other)
    assert of(one, with_volatile=True) != of(other, with_volatile=True)


def test_of_runs_the_current_one_counts_whatever_its_id(tmp_path: Path) -> None:
    def file(name: str, *runs: tuple[str, bool, float]) -> Path:
        rows = [f"('{run}', {current}, {pct})" for run, current, pct in runs]
        more = (
            "create table marts.dim_model_runs as select model_run_id, is_current from marts.t",
            "update marts.t set is_current = true",
        )
        return write(tmp_path / name, rows, "model_run_id varchar, is_current boolean, pct double", *more)

    old = file("old.duckdb", ("run-a", True, 1.0))
    again = file("again.duckdb", ("run-a", False, 1.0), ("run-b", True, 1.0))
    moved = file("moved.duckdb", ("run-a", False, 1.0), ("run-b", True, 2.0))

    assert compare(DiffRequest(old, again)).is_equal
    assert of(old) == of(again)
    assert of(old) != of(moved)
    assert of(old, with_volatile=True) != of(again, with_volatile=True)


def test_the_command_names_the_tables_that_differ(tmp_path: Path) -> None:
    before = write(tmp_path / "before.duckdb", ROWS, COLUMNS, "create table marts.u as select 1 as a")
    after = write(tmp_path / "after.duckdb", ROWS[1:], COLUMNS, "create table marts.u as select 1 as a")
    stored = tmp_path / "stored.json"
    stored.write_text(ree("fingerprint", "--file", str(before), "--json").stdout, encoding="utf-8")

    same = ree("fingerprint", "--file", str(before), "--against", str(stored))
    changed = ree("fingerprint", "--file", str(after), "--against", str(stored))
    listed = json.loads(ree("fingerprint", "--file", str(after), "--against", str(stored), "--json").stdout)

    assert (same.returncode, same.stdout) == (0, "the same: 2 tables compared\n")
    assert (changed.returncode, changed.stdout) == (
        1,
        "changed marts.t (3 rows -> 2 rows)\n1 of 2 tables differ\n",
    )
    assert listed["differences"] == [{"table": "marts.t", "change": "changed", "old_rows": 3, "new_rows": 2}]
    shown = ree("fingerprint", "--file", str(before)).stdout
    assert read_stored(stored).of_all in shown


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"tables": 1}', '{"schemas": [], "tables": [{}]}'])
def test_what_is_not_a_fingerprint_is_refused(tmp_path: Path, text: str) -> None:
    stored = tmp_path / "stored.json"
    stored.write_text(text, encoding="utf-8")
    with pytest.raises(ReeError, match="not a fingerprint"):
        read_stored(stored)


def test_an_edited_or_missing_one_and_a_missing_schema_are_refused(tmp_path: Path) -> None:
    file = write(tmp_path / "one.duckdb", ROWS)
    stored = tmp_path / "stored.json"
    text = json.dumps(take_fingerprint(file).as_dict())
    stored.write_text(text.replace('"rows": 3', '"rows": 4').replace('"marts.t"', '"marts.v"'), "utf-8")
    with pytest.raises(ReeError, match="was edited"):
        read_stored(stored)
    with pytest.raises(ReeError, match="cannot be read"):
        read_stored(tmp_path / "none.json")
    with pytest.raises(ReeError, match="no tables in quality"):
        take_fingerprint(file, ("marts", "quality"))
