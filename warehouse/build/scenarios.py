"""The sample demand scenarios, worked out on the file under construction."""

from __future__ import annotations

import duckdb
import pandas as pd

from warehouse.file.comments import comment_on
from warehouse.paths import DBT_PROJECT_DIR
from warehouse.scenario.demand import read_demand
from warehouse.scenario.parameters import read_parameters
from warehouse.scenario.result import work_out
from warehouse.scenario.world import read_world

SAMPLE = DBT_PROJECT_DIR / "seeds" / "scenario_demands.csv"

_TABLES = {
    "balance": "One row per scenario, item and year asked for.",
    "projects": "One row per scenario and project.",
    "supply": "One row per scenario, project, item and year with production.",
    "oxides": "One row per scenario, oxide and year.",
    "sensitivity": "One row per scenario, parameter, end of its range and item.",
}


def write_scenarios(connection: duckdb.DuckDBPyConnection) -> int:
    """Work out every sample scenario and write its tables to schema ``scenario``.

    Returns:
        How many scenarios there are.

    Raises:
        ReeError: If the sample or the file cannot be used.
        GateFailedError: If the sample has several faults, one sentence each.
    """
    world, parameters = read_world(connection), read_parameters(connection)
    names = [
        row[0]
        for row in connection.execute(
            "select distinct scenario from marts.fct_scenario_demands order by scenario"
        ).fetchall()
    ]
    found: dict[str, list[pd.DataFrame]] = {name: [] for name in _TABLES}
    for name in names:
        rows = read_demand(SAMPLE, world.oxides, world.base_year, name)
        tables = work_out(rows, world, parameters, with_sensitivity=True).tables()
        for table, frames in found.items():
            frames.append(tables[table].assign(scenario=name))
    connection.execute("create schema if not exists scenario")
    for table, frames in found.items():
        frame = pd.concat(frames, ignore_index=True)
        connection.execute(f"drop table if exists scenario.{table}")
        connection.from_df(frame).create(f"scenario.{table}")
        comment_on(connection, "scenario", table, _TABLES[table])
    return len(names)
