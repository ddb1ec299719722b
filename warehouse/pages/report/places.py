"""Where each project and plant is drawn: about the middle of its country.

The file holds no coordinates, and a mark must not look like a site it does not know.
"""

from __future__ import annotations

import math

import pandas as pd

_SPACING_DEG = 3.0
"""Distance between marks that share a middle, in degrees at the equator."""


def place_records(
    records: pd.DataFrame, locations: pd.DataFrame, middles_deg: dict[str, tuple[float, float]]
) -> pd.DataFrame:
    """Add to each record its place in words and a spot on the map.

    Records of one country are set side by side about its middle.

    Args:
        records: Rows with ``id`` and ``location_id``.
        locations: The words of ``marts.dim_locations``, one row per ``location_id``.
        middles_deg: Longitude and latitude of countries, by ISO 3166-1 alpha-3 code.

    Returns:
        The records with the columns of ``locations``, ``longitude_deg`` and ``latitude_deg``; both are null
        where no country is known.
    """
    placed = records.merge(locations, on="location_id", how="left", validate="many_to_one")
    taken: list[tuple[float, float]] = []
    spots = [
        _free_spot(middles_deg[country], taken) if country in middles_deg else (math.nan, math.nan)
        for country in placed["country_iso3"]
    ]
    placed[["longitude_deg", "latitude_deg"]] = pd.DataFrame(spots, index=placed.index, dtype=float)
    return placed


def _free_spot(middle: tuple[float, float], taken: list[tuple[float, float]]) -> tuple[float, float]:
    """First spot on a sunflower spiral about ``middle`` (degrees) that keeps its distance to those taken."""
    step = 0
    while True:
        radius = 0.5 * _SPACING_DEG * math.sqrt(step)
        angle = step * math.pi * (3 - math.sqrt(5))
        latitude = middle[1] + radius * math.sin(angle)
        shrink = _shrinkage(latitude)
        longitude = middle[0] + radius * math.cos(angle) / shrink
        spot = longitude * shrink, latitude
        if all(math.dist(spot, other) >= _SPACING_DEG for other in taken):
            taken.append(spot)
            return longitude, latitude
        step += 1


def _shrinkage(latitude_deg: float) -> float:
    """Roughly how much narrower a degree of longitude is drawn than at the equator (Natural Earth)."""
    return math.pow(max(math.cos(math.radians(latitude_deg)), 0.1), 0.6)
