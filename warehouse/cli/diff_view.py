"""How a comparison of two files looks in the terminal."""

from __future__ import annotations

from typing import Any

from rich.table import Table as Grid
from rich.text import Text

from warehouse.cli import console
from warehouse.diff.fingerprint import Difference, Fingerprint
from warehouse.diff.model import CellChange, CurrentRuns, FileDiff, SchemaChange, TableDiff

SHOWN_CELLS = 20
"""How many cells, and rows, of each table a person is shown unless asked otherwise."""


def print_diff(diff: FileDiff, limit: int | None = None) -> None:
    """Print the comparison: schema, counts per table, then the first ``limit`` rows and cells of each."""
    shown = SHOWN_CELLS if limit is None else limit
    for change in diff.schema_changes:
        console.out.print(_schema_line(change), soft_wrap=True)
    changed = [table for table in diff.tables if not table.is_equal]
    if changed:
        console.out.print(_counts(changed))
    for table in changed:
        _print_table(table, shown)
    rounded = sum(table.rounded for table in diff.tables)
    if rounded:
        said = f"{rounded} fractions differ by rounding alone and count as the same; --exact lists them"
        console.out.print(Text(said), soft_wrap=True)
    if diff.current_runs is not None:
        console.out.print(_runs(diff.current_runs), soft_wrap=True)
    console.out.print(Text(_verdict(diff, len(changed)), style="bold"), soft_wrap=True)
    console.out.print(Text(_left_out(diff), style="dim"), soft_wrap=True)


def print_fingerprint(taken: Fingerprint) -> None:
    """Print one line per table, then the digest of all."""
    grid = Grid(show_edge=False, header_style="bold")
    grid.add_column("table")
    grid.add_column("rows", justify="right")
    grid.add_column("fingerprint", no_wrap=True)
    for table in taken.tables:
        grid.add_row(table.table, str(table.rows), table.fingerprint)
    console.out.print(grid)
    console.out.print(Text.assemble((taken.of_all, "bold"), f" of {len(taken.tables)} tables"))


def print_differences(differences: list[Difference], compared: int) -> None:
    """Print the tables whose fingerprint is not the stored one."""
    for one in differences:
        rows = [f"{n} rows" for n in (one.old_rows, one.new_rows) if n is not None]
        said = " -> ".join(dict.fromkeys(rows))
        console.out.print(Text.assemble((one.change, "yellow"), f" {one.table} ({said})"), soft_wrap=True)
    verdict = (
        f"{len(differences)} of {compared} tables differ"
        if differences
        else f"the same: {compared} tables compared"
    )
    console.out.print(Text(verdict, style="bold"))


def _schema_line(change: SchemaChange) -> Text:
    what = change.change.replace("_", " ")
    place = change.table + (f".{change.column}" if change.column else "")
    types = [each for each in (change.old, change.new) if each]
    arrow = " -> ".join(each or "none" for each in (change.old, change.new)) if "changed" in what else ""
    detail = arrow or "".join(types)
    return Text.assemble((what, "yellow"), f" {place}", f" ({detail})" if detail else "")


def _counts(tables: list[TableDiff]) -> Grid:
    grid = Grid(show_edge=False, header_style="bold")
    grid.add_column("table")
    for name in ("rows old", "rows new", "added", "removed", "changed", "cells"):
        grid.add_column(name, justify="right")
    for t in tables:
        numbers = (t.old_rows, t.new_rows, len(t.added), len(t.removed), t.changed_rows, len(t.cells))
        grid.add_row(t.table, *map(str, numbers))
    return grid


def _print_table(table: TableDiff, shown: int) -> None:
    lines = [_row_line("-", "red", table, row) for row in table.removed[:shown]]
    lines += [_row_line("+", "green", table, row) for row in table.added[:shown]]
    lines += [_cell_line(table, cell) for cell in table.cells[:shown]]
    if not lines:
        return
    console.out.print()
    console.out.print(Text(table.table, style="bold"))
    for line in lines:
        console.out.print(line, soft_wrap=True)
    longer = [len(each) - shown for each in (table.removed, table.added, table.cells)]
    hidden = sum(max(more, 0) for more in longer)
    if hidden:
        console.out.print(Text(f"  and {hidden} more; --limit shows more", style="dim"))


def _row_line(mark: str, colour: str, table: TableDiff, row: tuple[Any, ...]) -> Text:
    names = table.key or table.columns
    values = dict(zip(table.columns, row, strict=True))
    return Text.assemble((f"{mark} ", colour), ", ".join(f"{name}={_shown(values[name])}" for name in names))


def _cell_line(table: TableDiff, cell: CellChange) -> Text:
    key = ", ".join(_shown(value) for value in cell.key)
    change = f"{_shown(cell.old)} -> {_shown(cell.new)}"
    return Text.assemble(("~ ", "yellow"), f"{key}  ", (cell.column, "bold"), f"  {change}")


def _shown(value: Any) -> str:
    if value is None:
        return "null"
    return repr(value) if isinstance(value, str) and (not value or value != value.strip()) else str(value)


def _runs(runs: CurrentRuns) -> Text:
    kept = "; rows a file keeps of the other's current run are left out" if runs.is_kept else ""
    compared = f"{runs.old} in the old file and {runs.new} in the new: compared with each other"
    return Text(f"the current run is {compared}{kept}")


def _verdict(diff: FileDiff, changed: int) -> str:
    if diff.is_equal:
        return f"the same: {len(diff.tables)} tables compared"
    return f"{changed} of {len(diff.tables)} tables differ, {len(diff.schema_changes)} changes of the schema"


def _left_out(diff: FileDiff) -> str:
    columns = [f"{table.table}.{name}" for table in diff.tables for name in table.left_out]
    parts = [f"schemas {', '.join(diff.left_out_schemas)}"] if diff.left_out_schemas else []
    parts += [f"columns {', '.join(columns)}"] if columns else []
    return f"left out: {'; '.join(parts)}" if parts else "nothing is left out"
