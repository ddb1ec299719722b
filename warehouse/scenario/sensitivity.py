"""What moving one parameter over its range does to the outcome."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from warehouse.scenario.demand import Demand, Row, demand_of
from warehouse.scenario.parameters import Parameters
from warehouse.scenario.plan import Plan, make_plan
from warehouse.scenario.supply import suppliers
from warehouse.scenario.world import World

_INTERPOLATE = "interpolate_years"


def outcome(rows: Sequence[Row], world: World, parameters: Parameters) -> tuple[Demand, Plan]:
    """Compute the plan for a demand with these parameters."""
    interpolate = bool(parameters[_INTERPOLATE])
    demand = demand_of(rows, world.oxides, world.base_year, interpolate=interpolate)
    return demand, make_plan(demand, suppliers(world, parameters), parameters)


def first_met_years(demand: Demand, plan: Plan) -> list[int | None]:
    """Return by item the first year that is asked for in which nothing is unmet; None if there is none."""
    met = demand.is_asked & (plan.unmet <= 1e-9 * plan.wanted)
    return [int(demand.years[row.argmax()]) if row.any() else None for row in met]


def sensitivity(rows: Sequence[Row], world: World, parameters: Parameters) -> pd.DataFrame:
    """Move each parameter to the ends of its range, the others as they are.

    Returns:
        One row per parameter, end of its range and item: ``parameter``, ``range_end`` (low or high),
        ``parameter_value``, ``item``, ``unmet_total_t`` (over the years asked for), ``unmet_change_t``
        against the scenario itself, and ``first_met_year``, null if it is never met. First comes the
        scenario itself, as parameter ``none``.
    """
    base = dict(_told(rows, world, parameters))
    found: list[tuple[object, ...]] = [
        ("none", "as_is", None, item, total, 0.0, year) for item, (total, year) in base.items()
    ]
    for one in parameters.known:
        for end, value in (("low", one.low_value), ("high", one.high_value)):
            if value == parameters[one.parameter]:
                continue
            moved = parameters.with_value(one.parameter, value)
            for item, (total, year) in _told(rows, world, moved):
                found.append((one.parameter, end, value, item, total, total - base[item][0], year))
    names = (
        "parameter",
        "range_end",
        "parameter_value",
        "item",
        "unmet_total_t",
        "unmet_change_t",
        "first_met_year",
    )
    frame = pd.DataFrame(found, columns=list(names))
    return frame.astype({"parameter_value": "float64", "first_met_year": "Int64"})


def _told(
    rows: Sequence[Row], world: World, parameters: Parameters
) -> Iterator[tuple[str, tuple[float, int | None]]]:
    demand, plan = outcome(rows, world, parameters)
    totals = np.where(demand.is_asked, plan.unmet, 0).sum(axis=1)
    yield from zip(
        demand.items, zip(map(float, totals), first_met_years(demand, plan), strict=True), strict=True
    )
