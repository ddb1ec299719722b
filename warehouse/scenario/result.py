"""A scenario worked out, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from warehouse.file.query import connect
from warehouse.scenario.demand import Demand, Row, demand_of, read_demand
from warehouse.scenario.parameters import Parameters, overridden, read_parameters
from warehouse.scenario.plan import Plan, drawn, make_plan
from warehouse.scenario.sensitivity import first_met_years, sensitivity
from warehouse.scenario.supply import AT_WORK, Suppliers, suppliers
from warehouse.scenario.world import World, read_world
from warehouse.writing import make_folder, write_text

_LOWER, _MIDDLE, _UPPER = 5, 50, 95


@dataclass(frozen=True)
class Scenario:
    """A scenario worked out.

    Attributes:
        balance: One row per item and year asked for: demand, supply, what is unmet, how sure.
        projects: One row per project in order of merit, then those left out, with what becomes of each.
        supply: One row per project, item and year with production: tonnes available and taken.
        oxides: One row per oxide and year: what the plan produces of it, wanted or not.
        parameters: Every parameter with the value used.
        first_met: By item, the first year asked for in which nothing is unmet; None if there is none.
        draws: Joint draws behind the quantiles.
        base_year: Last year of which mine production is printed.
        counted_t: Mine production of that year that is counted, t TREO.
        uncounted_t: The rest of it: of countries in which no project is at work.
        sensitivity: What moving each parameter does, if it was asked for.
    """

    balance: pd.DataFrame
    projects: pd.DataFrame
    supply: pd.DataFrame
    oxides: pd.DataFrame
    parameters: pd.DataFrame
    first_met: dict[str, int | None]
    draws: int
    base_year: int
    counted_t: float
    uncounted_t: float
    sensitivity: pd.DataFrame | None = None

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return its tables by name."""
        found = {n: getattr(self, n) for n in ("balance", "projects", "supply", "oxides", "parameters")}
        return found if self.sensitivity is None else {**found, "sensitivity": self.sensitivity}

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON: each table as a list of rows, nulls as None."""
        rows = {
            name: frame.astype(object).where(frame.notna(), None).to_dict("records")
            for name, frame in self.tables().items()
        }
        names = ("first_met", "draws", "base_year", "counted_t", "uncounted_t")
        return {**{name: getattr(self, name) for name in names}, **rows}


def write_tables(scenario: Scenario, folder: Path) -> None:
    """Write the tables of a scenario as CSV files of their names.

    Raises:
        ReeError: If the folder cannot be written.
    """
    make_folder(folder)
    for name, frame in scenario.tables().items():
        write_text(folder / f"{name}.csv", frame.to_csv(index=False))


def scenario_of_file(
    path: Path,
    published: Path,
    *,
    name: str | None = None,
    settings: Sequence[str] = (),
    parameter_file: Path | None = None,
    with_sensitivity: bool = False,
) -> Scenario:
    """Work out the demand of a CSV file.

    Args:
        path: The demand.
        published: The published file.
        name: Which scenario to take of a file that holds several.
        settings: Texts ``parameter=value``.
        parameter_file: CSV of parameters and values.
        with_sensitivity: Whether to move each parameter over its range too.

    Raises:
        ReeError: If an input cannot be used.
        GateFailedError: If there are several faults, one sentence each.
    """
    with connect(published) as connection:
        world = read_world(connection)
        parameters = overridden(read_parameters(connection), settings, parameter_file)
    rows = read_demand(path, world.oxides, world.base_year, name)
    return work_out(rows, world, parameters, with_sensitivity=with_sensitivity)


def work_out(
    rows: Sequence[Row], world: World, parameters: Parameters, *, with_sensitivity: bool = False
) -> Scenario:
    """Work out a demand.

    Args:
        rows: What is asked for.
        world: What the published file says.
        parameters: Every choice.
        with_sensitivity: Whether to move each parameter over its range too.
    """
    interpolate = bool(parameters["interpolate_years"])
    demand = demand_of(rows, world.oxides, world.base_year, interpolate=interpolate)
    able = suppliers(world, parameters)
    plan = make_plan(demand, able, parameters)
    counted = float(able.table["current_t"].sum())
    return Scenario(
        _balance(demand, plan, able),
        _projects(demand, plan, able),
        _supply(demand, plan, able),
        _oxides(demand, plan, able, world),
        _parameters(parameters),
        dict(zip(demand.items, first_met_years(demand, plan), strict=True)),
        len(able.draws),
        world.base_year,
        counted,
        float(world.production["production_t"].sum()) - counted,
        sensitivity(rows, world, parameters) if with_sensitivity else None,
    )


def _balance(demand: Demand, plan: Plan, able: Suppliers) -> pd.DataFrame:
    unmet = drawn(plan, demand, able)
    lower, middle, upper = np.percentile(unmet, (_LOWER, _MIDDLE, _UPPER), axis=0)
    items, years = np.nonzero(demand.is_asked)
    supplied, available = plan.supplied.sum(axis=0), plan.available.sum(axis=0)
    by_cell = {
        "is_stated": demand.is_stated,
        "demand_t": demand.tonnes,
        "recycled_t": demand.tonnes - plan.wanted,
        "available_t": available,
        "supplied_t": supplied,
        "unmet_t": plan.unmet,
        "surplus_t": np.maximum(available - supplied, 0.0),
        "unmet_lower_90_t": lower,
        "unmet_median_t": middle,
        "unmet_upper_90_t": upper,
        "met_in_draws_pct": 100 * (unmet == 0).mean(axis=0),
    }
    return pd.DataFrame(
        {
            "item": np.array(demand.items)[items],
            "year": demand.years[years],
            "basis": np.array(demand.bases)[items],
            **{name: cells[items, years] for name, cells in by_cell.items()},
        }
    )


def _projects(demand: Demand, plan: Plan, able: Suppliers) -> pd.DataFrame:
    table = able.table
    count = len(table) - able.count
    starts = pd.Series([*plan.start_years, *[0] * count], index=table.index)
    takes: npt.NDArray[np.bool_] = np.any(plan.supplied > 0, axis=1)
    first = np.where(takes.any(axis=1), demand.years[takes.argmax(axis=1)], 0)
    role = np.select(
        [table["left_out_reason"].notna(), table["supply_kind"] == AT_WORK, starts > 0],
        ["left_out", "at_work", "called_on"],
        "not_needed",
    )
    return pd.DataFrame(
        {
            "merit_order": table["merit_order"].astype("Int64"),
            "project_id": table["project_id"],
            "project_name": table["project_name"],
            "country_iso3": table["country_iso3"],
            "scenario_stage": table["scenario_stage"],
            "scenario_role": role,
            "left_out_reason": table["left_out_reason"],
            "value_usd": table["value_usd"].astype(float),
            "rate_treo_t_per_year": table["rate_treo_t_per_year"],
            "rate_basis": table["rate_basis"],
            "recoverable_treo_t": table["recoverable_treo_t"].replace(np.inf, np.nan),
            "earliest_year": table["earliest_year"].astype("Int64"),
            "start_year": starts.where(starts > 0).astype("Int64"),
            "first_supply_year": pd.Series([*first, *[0] * count]).replace(0, pd.NA).astype("Int64"),
            "produced_treo_t": [*plan.production.sum(axis=1), *[0.0] * count],
        }
    )


def _supply(demand: Demand, plan: Plan, able: Suppliers) -> pd.DataFrame:
    is_there = (plan.available > 0) & demand.is_asked
    who, items, years = np.nonzero(is_there)
    ids = able.table["project_id"].to_numpy()
    return pd.DataFrame(
        {
            "project_id": ids[who],
            "item": np.array(demand.items)[items],
            "year": demand.years[years],
            "available_t": plan.available[is_there],
            "supplied_t": plan.supplied[is_there],
        }
    )


def _oxides(demand: Demand, plan: Plan, able: Suppliers, world: World) -> pd.DataFrame:
    """What is produced of each oxide: those of a project come together, whichever of them is asked for."""
    produced = np.einsum("sy,so->oy", plan.production, able.shares)
    drawn_t = np.einsum("sy,dso->doy", plan.production, able.draws)
    lower, upper = np.percentile(drawn_t, (_LOWER, _UPPER), axis=0)
    names, years = world.oxides["oxide"].to_numpy(), demand.years
    return pd.DataFrame(
        {
            "oxide": np.repeat(names, len(years)),
            "year": np.tile(years, len(names)),
            "produced_t": produced.ravel(),
            "produced_lower_90_t": lower.ravel(),
            "produced_upper_90_t": upper.ravel(),
        }
    )


def _parameters(parameters: Parameters) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "parameter": [one.parameter for one in parameters.known],
            "parameter_value": [parameters[one.parameter] for one in parameters.known],
            "default_value": [one.default_value for one in parameters.known],
            "value_unit": [one.value_unit for one in parameters.known],
            "parameter_meaning": [one.parameter_meaning for one in parameters.known],
            "evidence": [one.evidence for one in parameters.known],
        }
    )
