"""Comparing two published files: tables and columns first, then rows by key, then cells."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from warehouse.diff.model import CellChange, CurrentRuns, FileDiff, SchemaChange, TableDiff, Values
from warehouse.diff.runs import read_current_runs, rows_compared
from warehouse.errors import ReeError
from warehouse.file.catalogue import Table, is_fraction, is_number, literal, quoted, read_schemas, read_tables
from warehouse.file.query import connect

COMPARED_SCHEMAS = ("marts",)
"""What is compared unless asked otherwise."""

VOLATILE_COLUMNS = frozenset({"trained_at", "built_at", "build_id", "seconds", "code_version"})
"""Columns that say when something was made and by which code; they change without any figure changing."""


ROUNDING = 1e-9
"""Relative difference up to which two fractions are one figure: training on other hardware sums otherwise."""

NEXT_TO_NOTHING = 1e-12
"""Difference up to which two fractions are one figure however small they are."""


@dataclass(frozen=True)
class DiffRequest:
    """What to compare.

    Attributes:
        old: Published file before.
        new: Published file after.
        schemas: Schemas whose tables are compared.
        table: Compare this table alone; named without its schema, it may be in any.
        with_volatile: Compare ``VOLATILE_COLUMNS`` too, and ids of runs as they are.
        is_exact: List fractions too that differ by no more than rounding.
    """

    old: Path
    new: Path
    schemas: tuple[str, ...] = COMPARED_SCHEMAS
    table: str | None = None
    with_volatile: bool = False
    is_exact: bool = False


def compare(request: DiffRequest) -> FileDiff:
    """Return what changed from the old file to the new.

    Rows are matched by the primary key both files state; a table without one, or with another one in each
    file, is compared as a multiset of rows. A column whose type changed is compared as numbers if both types
    are of numbers, else as text. Values of a column that one file alone has are not listed.

    A new training run has a new id. So the current runs of the files are compared with each other, and
    earlier runs by their ids, unless ``with_volatile`` is asked for.

    Raises:
        ReeError: If a file cannot be opened or neither has the schema or table asked for.
    """
    if request.table and "." in request.table:
        request = replace(request, schemas=(request.table.split(".")[0],))
    with _open_both(request.old, request.new) as (connection, old_catalog, new_catalog):
        everything = read_schemas(connection, {old_catalog, new_catalog})
        old = _tables(connection, request, old_catalog)
        new = _tables(connection, request, new_catalog)
        if not old and not new:
            wanted = request.table or " or ".join(request.schemas)
            raise ReeError(f"neither file has {wanted}", "correct --table or --schema")
        runs = None if request.with_volatile else read_current_runs(connection, old_catalog, new_catalog)
        result = FileDiff(request.schemas, tuple(sorted(everything - set(request.schemas))), runs)
        result.schema_changes.extend(_schema_changes(old, new))
        for name in sorted(old.keys() & new.keys()):
            volatile = frozenset() if request.with_volatile else VOLATILE_COLUMNS
            places = _places(old[name], new[name], old_catalog, new_catalog, runs)
            pair = _Pair(connection, old[name], new[name], places, volatile, request.is_exact)
            result.tables.append(pair.compare())
    return result


@contextmanager
def _open_both(old: Path, new: Path) -> Iterator[tuple[duckdb.DuckDBPyConnection, str, str]]:
    for file in (old, new):
        connect(file).close()
    is_same = old.samefile(new)
    with duckdb.connect() as connection:
        for name, file in (("old", old),) if is_same else (("old", old), ("new", new)):
            connection.execute(f"attach {literal(str(file))} as {name} (read_only)")
        # The engine attaches a file only once.
        yield connection, "old", "old" if is_same else "new"


def _tables(connection: duckdb.DuckDBPyConnection, request: DiffRequest, catalog: str) -> dict[str, Table]:
    return {
        table.full_name: table
        for table in read_tables(connection, request.schemas, catalog)
        if request.table in (None, table.name, table.full_name)
    }


def _schema_changes(old: dict[str, Table], new: dict[str, Table]) -> Iterator[SchemaChange]:
    for name in sorted(old.keys() | new.keys()):
        if name not in old:
            yield SchemaChange(name, "table_added")
        elif name not in new:
            yield SchemaChange(name, "table_removed")
        else:
            yield from _column_changes(old[name], new[name])


def _column_changes(old: Table, new: Table) -> Iterator[SchemaChange]:
    name = old.full_name
    before = {column.name: column.data_type for column in old.columns}
    after = {column.name: column.data_type for column in new.columns}
    for column in dict.fromkeys((*before, *after)):
        if column not in before:
            yield SchemaChange(name, "column_added", column, None, after[column])
        elif column not in after:
            yield SchemaChange(name, "column_removed", column, before[column], None)
        elif before[column] != after[column]:
            yield SchemaChange(name, "type_changed", column, before[column], after[column])
    if old.primary_key != new.primary_key:
        keys = [", ".join(table.primary_key) or None for table in (old, new)]
        yield SchemaChange(name, "key_changed", None, *keys)


def _places(
    old: Table, new: Table, old_catalog: str, new_catalog: str, runs: CurrentRuns | None
) -> dict[str, str]:
    """SQL of the rows compared of each side."""
    places = {
        "o": quoted(old_catalog, old.schema, old.name),
        "n": quoted(new_catalog, new.schema, new.name),
    }
    if runs is None:
        return places
    return {
        "o": rows_compared(places["o"], old, runs.old, runs.new),
        "n": rows_compared(places["n"], new, runs.new, runs.old),
    }


class _Pair:
    """One table in both files."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        old: Table,
        new: Table,
        places: dict[str, str],
        volatile: Collection[str],
        is_exact: bool,
    ) -> None:
        self.connection = connection
        self.old, self.new = old, new
        self.places = places
        self.is_exact = is_exact
        self.old_types = {column.name: column.data_type for column in old.columns}
        self.new_types = {column.name: column.data_type for column in new.columns}
        shared = [name for name in self.new_types if name in self.old_types]
        same_key = new.primary_key if old.primary_key == new.primary_key else ()
        self.key = same_key
        # A key is needed to tell rows apart, whenever it was made.
        self.left_out = tuple(name for name in shared if name in volatile and name not in self.key)
        self.columns = tuple(name for name in shared if name not in self.left_out)

    def compare(self) -> TableDiff:
        cells, rounded = self._cells()
        return TableDiff(
            self.new.full_name,
            self.key,
            self.columns,
            self.left_out,
            self._count("o"),
            self._count("n"),
            self._only_in("n", "o"),
            self._only_in("o", "n"),
            cells,
            rounded,
        )

    def _count(self, side: str) -> int:
        return int(self._fetch(f"select count(*) from {self.places[side]}")[0][0])

    def _only_in(self, side: str, other: str) -> list[Values]:
        if not self.columns:
            return []
        return self._by_key(side, other) if self.key else self._as_multiset(side, other)

    def _by_key(self, side: str, other: str) -> list[Values]:
        values = ", ".join(f"{side}.{quoted(name)}" for name in self.columns)
        return self._fetch(
            f"select {values} from {self.places[side]} as {side} "
            f"anti join {self.places[other]} as {other} on {self._same_key()} order by all"
        )

    def _as_multiset(self, side: str, other: str) -> list[Values]:
        values = {s: ", ".join(self._value(s, name) for name in self.columns) for s in (side, other)}
        return self._fetch(
            f"(select {values[side]} from {self.places[side]} as {side}) except all "
            f"(select {values[other]} from {self.places[other]} as {other}) order by all"
        )

    def _cells(self) -> tuple[list[CellChange], int]:
        """Cells that differ in rows of the same key, and how many more do by rounding alone."""
        cells: list[CellChange] = []
        rounded = 0
        key = ", ".join(f"n.{quoted(name)}" for name in self.key)
        for name in self.columns:
            if name in self.key or not self.key:
                continue
            rows = self._fetch(
                f"select {key}, {self._is_rounding(name)}, o.{quoted(name)}, n.{quoted(name)} "
                f"from {self.places['o']} as o join {self.places['n']} as n on {self._same_key()} "
                f"where {self._value('o', name)} is distinct from {self._value('n', name)} order by all"
            )
            changed = [row for row in rows if not row[-3]]
            cells += [CellChange(tuple(row[:-3]), name, row[-2], row[-1]) for row in changed]
            rounded += len(rows) - len(changed)
        return cells, rounded

    def _is_rounding(self, name: str) -> str:
        """SQL of whether two values of a column are fractions that differ by rounding alone."""
        types = (self.old_types[name], self.new_types[name])
        if self.is_exact or not all(is_number(each) for each in types) or not any(map(is_fraction, types)):
            return "false"
        old, new = (f"{side}.{quoted(name)}::double" for side in "on")
        limit = f"greatest({NEXT_TO_NOTHING}, {ROUNDING} * greatest(abs({old}), abs({new})))"
        is_near = f"isfinite({old}) and isfinite({new}) and abs({old} - {new}) <= {limit}"
        return f"coalesce({is_near}, false)"

    def _same_key(self) -> str:
        return " and ".join(f"{self._value('o', name)} = {self._value('n', name)}" for name in self.key)

    def _value(self, side: str, name: str) -> str:
        """SQL of a value in a form that both files have."""
        old, new = self.old_types[name], self.new_types[name]
        value = f"{side}.{quoted(name)}"
        if old == new or (is_number(old) and is_number(new)):
            return value
        return f"{value}::varchar"

    def _fetch(self, sql: str) -> list[Values]:
        rows: list[Any] = self.connection.execute(sql).fetchall()
        return rows
