"""A diff tells every change, and nothing else."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.terminal import ree
from warehouse.build.run import BuildSummary
from warehouse.diff.compare import DiffRequest, compare
from warehouse.diff.model import CellChange, CurrentRuns, FileDiff, SchemaChange
from warehouse.diff.report import as_dict
from warehouse.errors import ReeError

Row = tuple[Any, ...]

FREE = "create table marts.mines (id varchar, part integer, share_pct double, name varchar)"
KEYED = FREE.replace(")", ", primary key (id, part))")
OLD_MINES: list[Row] = [("a", 1, 1.5, "A"), ("a", 2, None, "B"), ("b", 1, 3.0, None), ("c", 1, 4.0, "C")]
NEW_MINES: list[Row] = [("a", 1, 1.5, "A"), ("a", 2, 2.5, "B"), ("b", 1, 3.0, "it's"), ("d", 1, 4.0, "C")]


def write(file: Path, *statements: str, mines: list[Row] | None = None, keyed: str = KEYED) -> Path:
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema marts")
        if mines is not None:
            connection.execute(keyed)
            for row in mines:
                connection.execute("insert into marts.mines values (?, ?, ?, ?)", row)
        for statement in statements:
            connection.execute(statement)
    return file


def diff(old: Path, new: Path, **options: Any) -> FileDiff:
    return compare(DiffRequest(old, new, **options))


def test_rows_and_cells_are_told_by_key(tmp_path: Path) -> None:
    old = write(tmp_path / "old.duckdb", mines=OLD_MINES)
    new = write(tmp_path / "new.duckdb", mines=NEW_MINES)
    found = as_dict(diff(old, new))
    (table,) = found["tables"]

    assert not found["is_equal"]
    assert found["schema_changes"] == []
    assert table["key"] == ["id", "part"]
    assert table["added"] == [{"id": "d", "part": 1, "share_pct": 4.0, "name": "C"}]
    assert table["removed"] == [{"id": "c", "part": 1, "share_pct": 4.0, "name": "C"}]
    assert table["cells"] == [
        {"key": {"id": "a", "part": 2}, "column": "share_pct", "old": None, "new": 2.5},
        {"key": {"id": "b", "part": 1}, "column": "name", "old": None, "new": "it's"},
    ]
    assert (table["rows_old"], table["rows_new"], table["rows_changed"]) == (4, 4, 2)


def test_the_schema_is_compared(tmp_path: Path) -> None:
    old = write(
        tmp_path / "old.duckdb",
        "create table marts.gone (a integer)",
        "create table marts.both (id integer primary key, was integer, width integer, code integer)",
        "insert into marts.both values (1, 1, 5, 7)",
    )
    new = write(
        tmp_path / "new.duckdb",
        "create table marts.come (a integer)",
        "create table marts.both (id integer, is_new boolean, width double, code varchar)",
        "insert into marts.both values (1, true, 5.0, '8')",
    )
    found = diff(old, new)

    assert found.schema_changes == [
        SchemaChange("marts.both", "column_removed", "was", "INTEGER", None),
        SchemaChange("marts.both", "type_changed", "width", "INTEGER", "DOUBLE"),
        SchemaChange("marts.both", "type_changed", "code", "INTEGER", "VARCHAR"),
        SchemaChange("marts.both", "column_added", "is_new", None, "BOOLEAN"),
        SchemaChange("marts.both", "key_changed", None, "id", None),
        SchemaChange("marts.come", "table_added"),
        SchemaChange("marts.gone", "table_removed"),
    ]
    (table,) = found.tables
    assert (table.key, table.columns) == ((), ("id", "width", "code"))
    assert (table.added, table.removed) == ([(1, 5.0, "8")], [(1, 5.0, "7")])


def test_a_number_of_another_type_is_the_same_number(tmp_path: Path) -> None:
    table = "create table marts.t (id {0} primary key, size_t {0})"
    old = write(tmp_path / "old.duckdb", table.format("integer"), "insert into marts.t values (1, 5)")
    new = write(tmp_path / "new.duckdb", table.format("double"), "insert into marts.t values (1, 5.0)")
    found = diff(old, new)

    assert [change.change for change in found.schema_changes] == ["type_changed", "type_changed"]
    assert found.tables[0].is_equal


@pytest.mark.parametrize(
    ("old_value", "new_value", "is_figure_moved"),
    [
        ("44.92491296689672", "44.924912966896585", False),
        ("0", "1e-15", False),
        ("5", "5.00000001", True),
        ("1e-8", "2e-8", True),
        ("1", "'inf'", True),
        ("'inf'", "1", True),
        ("'-inf'", "'inf'", True),
        ("null", "0", True),
    ],
)
def test_rounding_is_no_change_unless_asked(
    tmp_path: Path, old_value: str, new_value: str, is_figure_moved: bool
) -> None:
    table = "create table marts.t (id integer primary key, size_t double)"
    old = write(tmp_path / "old.duckdb", table, f"insert into marts.t values (1, {old_value})")
    new = write(tmp_path / "new.duckdb", table, f"insert into marts.t values (1, {new_value})")
    (found,) = diff(old, new).tables

    assert (found.is_equal, found.rounded) == (not is_figure_moved, int(not is_figure_moved))
    assert len(diff(old, new, is_exact=True).tables[0].cells) == 1
    assert diff(old, old).tables[0].rounded == 0


def test_whole_numbers_and_texts_are_never_rounded(tmp_path: Path) -> None:
    table = "create table marts.t (id integer primary key, grains bigint, code varchar)"
    old = write(tmp_path / "old.duckdb", table, "insert into marts.t values (1, 9007199254740992, '1.0')")
    new = write(tmp_path / "new.duckdb", table, "insert into marts.t values (1, 9007199254740993, '1.00')")

    assert len(diff(old, new).tables[0].cells) == 2


def test_a_table_without_a_key_is_a_multiset(tmp_path: Path) -> None:
    old = write(
        tmp_path / "old.duckdb", "create table marts.t as from (values (1), (1), (2), (null)) as v(a)"
    )
    new = write(
        tmp_path / "new.duckdb", "create table marts.t as from (values (1), (2), (2), (null)) as v(a)"
    )
    (table,) = diff(old, new).tables

    assert (table.key, table.added, table.removed, table.cells) == ((), [(2,)], [(1,)], [])


def test_when_something_was_made_is_left_out_unless_asked(tmp_path: Path) -> None:
    sql = "create table marts.runs as select 1 as run, timestamp '{}' as trained_at"
    old = write(
        tmp_path / "old.duckdb", sql.format("2026-01-01"), "create schema meta", "create table meta.b (x int)"
    )
    new = write(tmp_path / "new.duckdb", sql.format("2026-01-02"))

    found = diff(old, new)
    assert found.is_equal
    assert found.left_out_schemas == ("meta",)
    assert found.tables[0].left_out == ("trained_at",)
    assert not diff(old, new, with_volatile=True).is_equal
    assert not diff(old, new, schemas=("marts", "meta")).is_equal


def test_one_table_can_be_asked_for(tmp_path: Path) -> None:
    both = ("create table marts.a (x int)", "create schema quality", "create table quality.b (x int)")
    old = write(tmp_path / "old.duckdb", *both, mines=OLD_MINES)
    new = write(tmp_path / "new.duckdb", *both, mines=NEW_MINES)

    assert diff(old, new, table="a").is_equal
    assert [table.table for table in diff(old, new, table="marts.mines").tables] == ["marts.mines"]
    assert [table.table for table in diff(old, new, table="quality.b").tables] == ["quality.b"]
    with pytest.raises(ReeError, match="neither file has nothing"):
        diff(old, new, table="nothing")


RUNS = (
    "create table marts.dim_model_runs (model_run_id varchar primary key, seed integer, is_current boolean)",
    "create table marts.predictions (model_run_id varchar, site varchar, pct double, "
    "primary key (model_run_id, site))",
    "create table marts.best (site varchar primary key, pct double, model_run_id varchar)",
)


def runs(current: str, pct: float, *earlier: str, pct_of_earlier: float = 1.0) -> tuple[str, ...]:
    """Statements of a file whose current run predicts ``pct`` for one site, beside earlier runs."""
    rows = [
        statement
        for run in earlier
        for statement in (
            f"insert into marts.dim_model_runs values ('{run}', 7, false)",
            f"insert into marts.predictions values ('{run}', 's', {pct_of_earlier})",
        )
    ]
    return (
        *RUNS,
        *rows,
        f"insert into marts.dim_model_runs values ('{current}', 7, true)",
        f"insert into marts.predictions values ('{current}', 's', {pct})",
        f"insert into marts.best values ('s', {pct}, '{current}'), ('t', 9, null)",
    )


def test_current_runs_are_compared_with_each_other_whatever_their_ids(tmp_path: Path) -> None:
    old = write(tmp_path / "old.duckdb", *runs("run-a", 1.0))
    same = write(tmp_path / "same.duckdb", *runs("run-b", 1.0))
    moved = write(tmp_path / "moved.duckdb", *runs("run-b", 2.0))

    assert diff(old, same).is_equal
    assert diff(old, same).current_runs == CurrentRuns("run-a", "run-b", is_kept=False)
    assert diff(old, old).current_runs is None
    best, predictions = (table for table in diff(old, moved).tables if not table.is_equal)
    assert best.cells == [CellChange(("s",), "pct", 1.0, 2.0)]
    assert predictions.cells == [CellChange(("current", "s"), "pct", 1.0, 2.0)]
    assert not diff(old, same, with_volatile=True).is_equal


@pytest.mark.parametrize("old_first", [True, False])
def test_rows_kept_of_the_others_current_run_are_not_counted_as_changes(
    tmp_path: Path, old_first: bool
) -> None:
    before = write(tmp_path / "before.duckdb", *runs("run-b", 1.0, "run-a"))
    after = write(tmp_path / "after.duckdb", *runs("run-c", 1.0, "run-a", "run-b"))
    found = diff(before, after) if old_first else diff(after, before)

    assert found.is_equal
    assert found.current_runs is not None
    assert found.current_runs.is_kept
    assert {(table.old_rows, table.new_rows) for table in found.tables} == {(2, 2)}


def test_earlier_runs_are_compared_by_their_ids(tmp_path: Path) -> None:
    old = write(tmp_path / "old.duckdb", *runs("run-c", 1.0, "run-a", "run-b"))
    new = write(tmp_path / "new.duckdb", *runs("run-d", 1.0, "run-b", pct_of_earlier=3.0))
    (predictions,) = diff(old, new, table="predictions").tables

    assert predictions.removed == [("run-a", "s", 1.0)]
    assert predictions.cells == [CellChange(("run-b", "s"), "pct", 1.0, 3.0)]


def test_the_command_says_in_one_line_that_the_current_run_differs(tmp_path: Path) -> None:
    old = write(tmp_path / "old.duckdb", *runs("run-a", 1.0))
    new = write(tmp_path / "new.duckdb", *runs("run-b", 1.0, "run-a"))
    told = ree("diff", str(old), str(new))
    listed = json.loads(ree("diff", str(old), str(new), "--format", "json").stdout)

    line, verdict, _ = told.stdout.splitlines()
    assert line == (
        "the current run is run-a in the old file and run-b in the new: compared with each other; "
        "rows a file keeps of the other's current run are left out"
    )
    assert (told.returncode, verdict) == (0, "the same: 3 tables compared")
    assert (listed["is_equal"], listed["current_runs"]) == (True, {"old": "run-a", "new": "run-b"})


TEXTS = st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=4)
NUMBERS = st.none() | st.sampled_from([0.0, 0.1, 1.0, 1e300]) | st.floats(allow_nan=False)
KEYED_ROWS = st.dictionaries(
    st.tuples(st.sampled_from("abc"), st.integers(0, 2)), st.tuples(NUMBERS, TEXTS), max_size=9
).map(lambda rows: [(*key, *values) for key, values in rows.items()])
FREE_ROWS = st.lists(
    st.tuples(st.sampled_from("ab"), st.integers(0, 1), st.sampled_from([None, 1.0]), st.none()), max_size=6
)


def apply(table: dict[str, Any], rows: list[Row], columns: tuple[str, ...]) -> Counter[Row]:
    """Make the listed changes to ``rows``."""
    result = Counter(rows)
    result.subtract(Counter(tuple(row.values()) for row in table["removed"]))
    result.update(Counter(tuple(row.values()) for row in table["added"]))
    for cell in table["cells"]:
        key = tuple(cell["key"].values())
        (row,) = [row for row, count in result.items() if count and row[: len(key)] == key]
        i = columns.index(cell["column"])
        assert row[i] == cell["old"]
        result[row] -= 1
        result[(*row[:i], cell["new"], *row[i + 1 :])] += 1
    return +result


@pytest.mark.slow("of any two tables, the listed changes make the new one of the old")
@pytest.mark.parametrize("is_keyed", [True, False])
@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_the_listed_changes_make_the_new_file_of_the_old(data: st.DataObject, is_keyed: bool) -> None:
    rows = KEYED_ROWS if is_keyed else FREE_ROWS
    old_rows, new_rows = data.draw(rows), data.draw(rows)
    keyed = KEYED if is_keyed else FREE
    with tempfile.TemporaryDirectory() as folder:
        old = write(Path(folder) / "old.duckdb", mines=old_rows, keyed=keyed)
        new = write(Path(folder) / "new.duckdb", mines=new_rows, keyed=keyed)
        found = diff(old, new, is_exact=True)
        (table,) = as_dict(found)["tables"]
        itself = diff(old, old)

    assert itself.is_equal
    assert (itself.schema_changes, itself.tables[0].cells) == ([], [])
    assert apply(table, old_rows, found.tables[0].columns) == Counter(new_rows)
    assert found.is_equal == (Counter(old_rows) == Counter(new_rows))


def test_the_command_exits_as_diff_does(tmp_path: Path) -> None:
    old = write(tmp_path / "old.duckdb", mines=OLD_MINES)
    new = write(tmp_path / "new.duckdb", mines=NEW_MINES)
    same = ree("diff", str(old), str(old))
    other = ree("diff", str(old), str(new), "--limit", "1")
    listed = ree("diff", str(old), str(new), "--format", "json")
    missing = ree("diff", str(old), str(tmp_path / "none.duckdb"))

    assert (same.returncode, other.returncode, listed.returncode, missing.returncode) == (0, 1, 1, 2)
    assert "the same: 1 tables compared" in same.stdout
    assert "rounding" not in other.stdout
    assert "~ a, 2  share_pct  null -> 2.5" in other.stdout
    assert "and 1 more" in other.stdout
    assert "+ id=d, part=1" in other.stdout
    assert json.loads(listed.stdout)["tables"][0]["cells_changed"] == 2
    assert len(missing.stderr.strip().splitlines()) == 1


def test_the_published_file_equals_itself(built: BuildSummary) -> None:
    schemas = ("marts", "quality", "meta", "intermediate", "ml", "raw", "staging")
    found = diff(built.output, built.output, schemas=schemas)

    assert found.is_equal
    assert len(found.tables) > 80
    assert {table.table for table in found.tables if not table.key} >= {"quality.check_results"}
