"""Small worlds whose outcome is worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from warehouse.paths import DBT_PROJECT_DIR
from warehouse.scenario.parameters import Parameter, Parameters
from warehouse.scenario.world import World

OXIDES = pd.read_csv(DBT_PROJECT_DIR / "seeds" / "oxides.csv")
"""The reviewed table of oxides, as ``marts.dim_oxides`` has it."""

BASE_YEAR = 2024

_FLOATS = ("ore_t", "capacity_treo_t_per_year", "basket_price_usd_per_kg", "ore_value_usd_per_t")


def project(name: str, **facts: Any) -> dict[str, Any]:
    """A carbonatite of 1000 t under construction in Australia, but for the facts given."""
    usual = {
        "project_id": name,
        "project_name": name.title(),
        "stage": "construction",
        "is_at_work": False,
        "announced_year": None,
        "country_iso3": "AUS",
        "country_name": "Australia",
        "deposit_family": "carbonatite",
        "resource_treo_t": 1000.0,
        **dict.fromkeys(_FLOATS),
    }
    return {**usual, **facts}


def world(
    *projects: Mapping[str, Any],
    shares: Mapping[str, Mapping[str, float]],
    draws: list[Mapping[str, Mapping[str, float]]] | None = None,
    production: Mapping[str, float] | None = None,
) -> World:
    """A world of some projects; shares are fractions of TREO by project and oxide, others are 0."""
    frame = pd.DataFrame(list(projects)).astype(dict.fromkeys([*_FLOATS, "announced_year"], float))
    mined = pd.DataFrame(
        [(country, country, amount) for country, amount in (production or {}).items()],
        columns=["area_name", "country_iso3", "production_t"],
    )
    best = _matrix(frame, shares)
    drawn = np.array([_matrix(frame, {**shares, **one}) for one in draws or [{}]])
    return World(OXIDES, frame, best, drawn, mined, BASE_YEAR)


def _matrix(frame: pd.DataFrame, shares: Mapping[str, Mapping[str, float]]) -> np.ndarray:
    return np.array(
        [[shares[name].get(oxide, 0.0) for oxide in OXIDES["oxide"]] for name in frame["project_id"]]
    )


def parameters(**values: float) -> Parameters:
    """The reviewed parameters with some of their values changed."""
    seed = pd.read_csv(DBT_PROJECT_DIR / "seeds" / "scenario_parameters.csv")
    known = tuple(
        Parameter(**{name: row[name] for name in Parameter.__dataclass_fields__})
        for row in seed.to_dict("records")
    )
    found = Parameters(known, {one.parameter: one.default_value for one in known})
    assert set(values) <= set(found.values)
    return replace(found, values={**found.values, **values})
