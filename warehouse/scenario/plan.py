"""The plan: who is called on in order of merit, and the balance of supply and demand it leads to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from warehouse.scenario.demand import Demand, Floats
from warehouse.scenario.parameters import Parameters
from warehouse.scenario.supply import AT_WORK, Suppliers

_ROUNDING = 1e-9
"""Part of a demand that may be missing by arithmetic."""


@dataclass(frozen=True)
class Plan:
    """Who supplies what, with S suppliers in order of merit, I items and Y years.

    Attributes:
        start_years: Shape (S,): first year of production; 0 for those that are not called on.
        production: Shape (S, Y): t TREO.
        available: Shape (S, I, Y): tonnes that count for the item, in its basis.
        supplied: Shape (S, I, Y): the part of them that is taken, those first in order first.
        wanted: Shape (I, Y): tonnes asked of mines, recycled material taken off.
    """

    start_years: npt.NDArray[np.int64]
    production: Floats
    available: Floats
    supplied: Floats
    wanted: Floats

    @property
    def unmet(self) -> Floats:
        """Tonnes asked for that nobody supplies; shape (I, Y)."""
        short: Floats = np.maximum(self.wanted - self.supplied.sum(axis=0), 0.0)
        return short


def make_plan(demand: Demand, suppliers: Suppliers, parameters: Parameters) -> Plan:
    """Call on suppliers in order of merit until nothing is unmet, or nobody is left.

    Production as it is comes first. Each project is then looked at once, in order: if in any year from its
    earliest on an item that it yields is still unmet by those before it, it starts, so early that it works in
    full in the first such year, but not before its earliest. It then yields all its oxides until the
    recoverable resource is exhausted. More demand therefore never leaves less unmet, unless the refining
    capacity binds: then a mine exhausted early makes room for another.

    Args:
        demand: What is asked for.
        suppliers: Who may supply, in order of merit.
        parameters: Every choice.
    """
    wanted = demand.tonnes * (1 - parameters.fraction("recycled_pct"))
    yields = suppliers.shares @ demand.weights.T
    room = np.full(len(demand.years), parameters["refining_capacity_treo_t_per_year"])
    production = np.zeros((suppliers.count, len(demand.years)))
    starts = np.zeros(suppliers.count, dtype=np.int64)
    met = np.zeros_like(wanted)
    ramp = int(np.ceil(parameters["ramp_years"]))
    rows = suppliers.table.head(suppliers.count)
    columns = ("supply_kind", "earliest_year", "rate_treo_t_per_year", "recoverable_treo_t")
    for place, (kind, earliest, rate, recoverable) in enumerate(
        zip(*(rows[c] for c in columns), strict=True)
    ):
        if kind == AT_WORK:
            start = int(demand.years[0])
            steps = (1 + parameters.fraction("existing_growth_pct_per_year")) ** (demand.years - start + 1)
        else:
            gap = (wanted - met > _ROUNDING * wanted)[yields[place] > 0].any(axis=0)
            lacking = demand.years[gap & (demand.years >= earliest)]
            if not len(lacking):
                continue
            start = max(int(earliest), int(lacking[0]) - ramp + 1)
            steps = np.clip((demand.years - start + 1) / ramp, 0, 1)
        made = _until_exhausted(rate * steps, recoverable)
        production[place] = np.minimum(made, room)
        room = room - production[place]
        starts[place] = start
        met += np.outer(yields[place], production[place])
    available = yields[:, :, None] * production[:, None, :]
    return Plan(starts, production, available, _taken(available, wanted), wanted)


def drawn(plan: Plan, demand: Demand, suppliers: Suppliers) -> Floats:
    """Unmet tonnes of the same plan in each joint draw of the compositions; shape (D, I, Y)."""
    yields = suppliers.draws @ demand.weights.T
    available = np.einsum("dsi,sy->diy", yields, plan.production)
    short = plan.wanted - available
    return np.where(short > _ROUNDING * plan.wanted, short, 0.0)


def _until_exhausted(amounts: Floats, recoverable: float) -> Floats:
    """Cut amounts per year off where their sum reaches what there is; shape (Y,)."""
    return np.diff(np.minimum(np.cumsum(amounts), recoverable), prepend=0.0)


def _taken(available: Floats, wanted: Floats) -> Floats:
    """Take from the first supplier what is wanted, from the next what is left; shape (S, I, Y)."""
    if not len(available):
        return available
    return np.diff(np.minimum(np.cumsum(available, axis=0), wanted), axis=0, prepend=0.0)
