"""What a scenario asks the published file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

from warehouse.errors import ReeError
from warehouse.scenario.demand import Floats

QUERIES = Path(__file__).parent / "queries"


@dataclass(frozen=True)
class World:
    """The state of things that a scenario starts from.

    Attributes:
        oxides: ``marts.dim_oxides`` in the order of the oxides.
        projects: One row per project, P of them, with the columns of ``queries/projects.sql``.
        shares: Shape (P, oxides): best share of TREO, as fractions; NaN where nothing is made of them.
        draws: Shape (D, P, oxides): the same, drawn jointly from what is not published; D is at least 1.
        production: Mine production of ``base_year``: ``area_name``, ``country_iso3``, ``production_t``.
        base_year: Last year of which mine production is printed.
    """

    oxides: pd.DataFrame
    projects: pd.DataFrame
    shares: Floats
    draws: Floats
    production: pd.DataFrame
    base_year: int

    @cached_property
    def placed_production(self) -> Floats:
        """Mine production of each country, shared out among its projects at work in proportion to resource.

        A project without a stated resource has a part only where no project at work of its country states
        one; these share equally. Shape (P,), t TREO per year.
        """
        current = np.zeros(len(self.projects))
        produced = self.production.set_index("country_iso3")["production_t"]
        working = self.projects[self.projects["is_at_work"].to_numpy(bool)]
        for country, group in working.groupby("country_iso3"):
            if country in produced.index:
                weights = group["resource_treo_t"].fillna(0).to_numpy(float)
                weights = weights if weights.sum() > 0 else np.ones(len(group))
                places = self.projects.index.get_indexer(group.index)
                current[places] = produced[country] * weights / weights.sum()
        return current


def read_world(connection: duckdb.DuckDBPyConnection) -> World:
    """Read projects, compositions, their draws and mine production of the published file.

    Raises:
        ReeError: If the file was built before a table that this needs, or no mine production is in it.
    """
    try:
        frames = {
            name: connection.execute((QUERIES / f"{name}.sql").read_text(encoding="utf-8")).df()
            for name in ("oxides", "projects", "shares", "draws", "production")
        }
    except duckdb.CatalogException as error:
        raise ReeError(
            f"the file lacks what a scenario reads ({str(error).splitlines()[0]})", "run `make build` again"
        ) from error
    if frames["production"].empty:
        raise ReeError("no mine production is in the file", "build with the source usgs_mcs")
    projects, oxides = frames["projects"], frames["oxides"]
    places = {
        name: pd.Index(frame[column])
        for name, frame, column in (("project_id", projects, "project_id"), ("oxide", oxides, "oxide"))
    }
    shares = np.full((len(projects), len(oxides)), np.nan)
    best = frames["shares"]
    shares[_at(places, best, "project_id"), _at(places, best, "oxide")] = best["share_pct"] / 100
    draws = _draws(frames["draws"], shares, places)
    years = frames["production"].pop("year")
    return World(oxides, projects, shares, draws, frames["production"], int(years.iloc[0]))


def _draws(found: pd.DataFrame, shares: Floats, places: dict[str, pd.Index]) -> Floats:
    """Set the drawn shares over the best ones, which hold in every draw where nothing was drawn."""
    count = int(found["draw"].max()) if len(found) else 1
    draws = np.repeat(shares[None], count, axis=0)
    rows, columns = _at(places, found, "project_id"), _at(places, found, "oxide")
    draws[found["draw"].to_numpy(int) - 1, rows, columns] = found["share_pct"].to_numpy(float) / 100
    return draws


def _at(places: dict[str, pd.Index], frame: pd.DataFrame, column: str) -> npt.NDArray[np.intp]:
    return places[column].get_indexer(pd.Index(frame[column]))
