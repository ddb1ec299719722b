"""What each project could yield: how much a year, from when, how long, and in which order of merit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from warehouse.scenario.demand import Floats
from warehouse.scenario.parameters import Parameters
from warehouse.scenario.world import World

AT_WORK, NEW = "at work", "new"
NO_PRODUCTION, ANNOUNCED, NOT_STATED = "restart", "announced", "not_stated"


@dataclass(frozen=True)
class Suppliers:
    """Everything that may supply, in order of merit: production as it is first, then projects by stage.

    Attributes:
        table: One row per project, S of them that may supply first, then those left out, with
            ``project_id``, ``supply_kind``, ``scenario_stage``, ``merit_order``, ``earliest_year``,
            ``rate_treo_t_per_year``, ``rate_basis``, ``recoverable_treo_t`` (infinite where a mine at work
            states no resource) and ``left_out_reason``.
        shares: Shape (S, oxides): fractions of TREO.
        draws: Shape (D, S, oxides).
    """

    table: pd.DataFrame
    shares: Floats
    draws: Floats

    @property
    def count(self) -> int:
        """How many may supply."""
        return len(self.shares)


def suppliers(world: World, parameters: Parameters) -> Suppliers:
    """Rate every project and put them in order of merit.

    Args:
        world: What the published file says.
        parameters: Every choice.
    """
    table = world.projects.copy()
    table["row"] = range(len(table))
    table["current_t"] = world.placed_production
    table["supply_kind"] = np.where(table["current_t"] > 0, AT_WORK, NEW)
    table["scenario_stage"] = _stages(table)
    table["recoverable_treo_t"] = _recoverable(table, parameters)
    table["rate_treo_t_per_year"], table["rate_basis"] = _rates(table, parameters)
    table["earliest_year"] = _earliest(table, world.base_year, parameters)
    table["left_out_reason"] = _reasons(table, world, parameters)
    table = _ordered(table, parameters)
    rows = table.loc[table["left_out_reason"].isna(), "row"].to_numpy(int)
    return Suppliers(table, world.shares[rows], world.draws[:, rows])


def _stages(table: pd.DataFrame) -> npt.NDArray[np.object_]:
    announced = table["announced_year"].notna() & (table["stage"] != "construction")
    return np.select(
        [
            table["supply_kind"] == AT_WORK,
            announced,
            # The tables say at work, the figures of the country say that nothing is mined.
            table["is_at_work"].astype(bool),
        ],
        ["production", ANNOUNCED, NO_PRODUCTION],
        table["stage"].fillna(NOT_STATED).str.replace(" ", "_").to_numpy(object),
    ).astype(object)


def _recoverable(table: pd.DataFrame, parameters: Parameters) -> Floats:
    """Oxide that could be won of the stated resource, in tonnes."""
    recovery = np.select(
        [table["deposit_family"] == "ionic_clay", table["deposit_family"] == "placer"],
        [parameters.fraction("recovery_ionic_clay_pct"), parameters.fraction("recovery_placer_pct")],
        parameters.fraction("recovery_hard_rock_pct"),
    )
    amount = table["resource_treo_t"].to_numpy(float) * parameters.fraction("mineable_share_pct") * recovery
    unknown = np.isnan(amount) & (table["supply_kind"] == AT_WORK).to_numpy()
    return np.where(unknown, np.inf, amount)


def _rates(table: pd.DataFrame, parameters: Parameters) -> tuple[Floats, npt.NDArray[np.object_]]:
    """Oxide per year at full work, and what it rests on."""
    ore = table["ore_t"].to_numpy(float) * parameters.fraction("mineable_share_pct")
    by_rule = parameters["mine_life_coefficient"] * ore ** parameters["mine_life_exponent"]
    life = np.where(np.isnan(ore), parameters["mine_life_unknown_ore_years"], np.maximum(by_rule, 1.0))
    most = parameters["largest_rate_treo_t_per_year"]
    from_life = table["recoverable_treo_t"].to_numpy(float) / life
    rate = np.minimum(from_life, most)
    basis = np.where(
        from_life > most, "largest rate", np.where(np.isnan(ore), "usual mine life", "mine life of its ore")
    ).astype(object)
    if parameters["use_known_capacity"]:
        known = table["capacity_treo_t_per_year"].to_numpy(float)
        basis = np.where(np.isnan(known), basis, "capacity of its plant")
        rate = np.where(np.isnan(known), rate, known)
    at_work = (table["supply_kind"] == AT_WORK).to_numpy()
    rate = np.where(at_work, table["current_t"], rate)
    return rate, np.where(at_work, "mine production of its country", basis)


def _of_stage(table: pd.DataFrame, parameters: Parameters, name: str, otherwise: float) -> Floats:
    """Take the parameter of each project's stage; ``name`` holds {} for the stage. Shape (P,)."""
    values = parameters.values
    return np.array([values.get(name.format(stage), otherwise) for stage in table["scenario_stage"]])


def _earliest(table: pd.DataFrame, base_year: int, parameters: Parameters) -> Floats:
    """First year of production; an announced year counts where it is later than the delay of the stage."""
    earliest = base_year + np.ceil(_of_stage(table, parameters, "delay_{}_years", np.nan))
    announced = table["announced_year"].to_numpy(float)
    found: Floats = np.where(announced > earliest, announced, earliest)
    return np.where(table["supply_kind"] == AT_WORK, base_year + 1, found)


def _reasons(table: pd.DataFrame, world: World, parameters: Parameters) -> npt.NDArray[np.object_]:
    """Why a project may not supply; None where it may."""
    has_stage = _of_stage(table, parameters, "order_{}", 0) > 0
    return np.select(
        [
            np.isnan(world.shares).any(axis=1),
            ~has_stage & (table["supply_kind"] == NEW).to_numpy(),
            ~(table["rate_treo_t_per_year"] > 0).to_numpy(),
        ],
        ["shares are on another basis", "stage is left out", "states no resource"],
        np.full(len(table), None, dtype=object),
    )


def _ordered(table: pd.DataFrame, parameters: Parameters) -> pd.DataFrame:
    """Those that may supply first: at work, then by stage, value (nulls last), resource and id."""
    order = _of_stage(table, parameters, "order_{}", 0)
    measure = "ore_value_usd_per_t" if parameters["order_by_ore_value"] else "basket_price_usd_per_kg"
    is_left_out = table["left_out_reason"].notna().to_numpy()
    # The last key counts most; what is not known comes last.
    places = np.lexsort(
        (
            table["project_id"],
            -table["resource_treo_t"].fillna(-np.inf),
            -table[measure].fillna(-np.inf),
            np.where(table["supply_kind"] == AT_WORK, -1, order),
            is_left_out,
        )
    )
    table = table.assign(value_usd=table[measure]).iloc[places].reset_index(drop=True)
    table["merit_order"] = (table.index + 1).where(~is_left_out[places])
    return table
