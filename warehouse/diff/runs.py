"""The model runs that two files call current: compared with each other, whatever their ids."""

from __future__ import annotations

import duckdb

from warehouse.diff.model import CurrentRuns
from warehouse.file.catalogue import Table, literal, quoted, read_tables

RUN_ID = "model_run_id"
CURRENT = "current"
"""The text used instead of the id of the current run while rows are compared."""


def read_current_runs(
    connection: duckdb.DuckDBPyConnection, old_catalog: str, new_catalog: str
) -> CurrentRuns | None:
    """Return the current run of each file; nothing where they are the same, or a file has none."""
    old, new = (_runs(connection, catalog) for catalog in (old_catalog, new_catalog))
    old_run, new_run = _current(old), _current(new)
    if old_run is None or new_run is None or old_run == new_run:
        return None
    return CurrentRuns(old_run, new_run, old_run in new or new_run in old)


def read_current_run(connection: duckdb.DuckDBPyConnection, catalog: str) -> str | None:
    """Return the current run of one file; nothing where it has none, or several."""
    return _current(_runs(connection, catalog))


def rows_of_current_run(place: str, table: Table, current: str) -> str:
    """Return SQL of the rows that are of no run or of the current one, its id replaced."""
    if RUN_ID not in table.column_names:
        return place
    kept = f"{RUN_ID} is null or {RUN_ID} = {literal(current)}"
    return f"(select * replace ({_with_current(current)} as {RUN_ID}) from {place} where {kept})"


def rows_compared(place: str, table: Table, current: str, other: str) -> str:
    """Return SQL of the rows of one file that are compared, the id of its current run replaced.

    Rows it keeps of the other file's current run are left out: they are compared as that file's.

    Args:
        place: The table, as SQL names it.
        table: The table.
        current: Id of the current run of this file.
        other: Id of the current run of the other file.
    """
    if RUN_ID not in table.column_names:
        return place
    kept = f"{RUN_ID} is distinct from {literal(other)}"
    return f"(select * replace ({_with_current(current)} as {RUN_ID}) from {place} where {kept})"


def _with_current(current: str) -> str:
    return f"case when {RUN_ID} = {literal(current)} then {literal(CURRENT)} else {RUN_ID} end"


def _current(runs: dict[str, bool]) -> str | None:
    currents = [run for run, is_current in runs.items() if is_current]
    return currents[0] if len(currents) == 1 else None


def _runs(connection: duckdb.DuckDBPyConnection, catalog: str) -> dict[str, bool]:
    for table in read_tables(connection, ["marts"], catalog):
        if table.name == "dim_model_runs" and {RUN_ID, "is_current"} <= set(table.column_names):
            place = quoted(catalog, table.schema, table.name)
            return dict(connection.execute(f"select {RUN_ID}, is_current from {place}").fetchall())
    return {}
