"""Where each project and plant is drawn, and as how precise a place.

A record is drawn at its location's coordinates where the file has them. Where it has none, the country is the
best place known: the record is drawn about its middle, and never as a point that would look like a site.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

SITE, DISTRICT, AREA, COUNTRY = "site", "district", "area", "country"
"""How precise a place is drawn, from a point to a whole country."""

PRECISIONS = (SITE, DISTRICT, AREA, COUNTRY)

_DRAWN_AS = {
    "site": SITE,
    "deposit": SITE,
    "mine": SITE,
    "plant": SITE,
    "exact": SITE,
    "district": DISTRICT,
    "locality": DISTRICT,
    "place": DISTRICT,
    "town": DISTRICT,
    "camp": DISTRICT,
    "admin1": AREA,
    "admin": AREA,
    "area": AREA,
    "region": AREA,
    "country": COUNTRY,
}
"""By ``coordinate_precision``; a word not known here is drawn as an area."""

_DISTRICT_SPREAD_KM, _AREA_SPREAD_KM = 10.0, 100.0
"""Where sources disagree by more than this, a place is no longer drawn as a site, or as a district."""

_SPACING_DEG = 3.0
"""Distance between marks that share a middle, in degrees at the equator."""

_COORDINATES = [
    "latitude_deg",
    "longitude_deg",
    "coordinate_precision",
    "coordinate_source",
    "coordinate_spread_km",
]


@dataclass(frozen=True)
class Gazetteer:
    """Best places known.

    Attributes:
        locations: One row per ``location_id`` with ``longitude_deg``, ``latitude_deg`` (null where nothing
            is known), ``drawn_as`` (one of `PRECISIONS`, or null) and the words of ``dim_locations``.
        middles_deg: Longitude and latitude of countries, by ISO 3166-1 alpha-3 code.
    """

    locations: pd.DataFrame
    middles_deg: dict[str, tuple[float, float]]


def best_places(locations: pd.DataFrame, middles_deg: dict[str, tuple[float, float]]) -> Gazetteer:
    """Find the best place of each location.

    Args:
        locations: ``marts.dim_locations``; the coordinate columns may be missing.
        middles_deg: Longitude and latitude of countries, by ISO 3166-1 alpha-3 code.
    """
    # A plain object frame: `in` and `is None` then mean what they say, whatever the engine's types were.
    rows = locations.reindex(columns=[*locations.columns.union(_COORDINATES, sort=False)]).astype(object)
    rows = rows.where(rows.notna(), None)
    placed = [_best_place(row, middles_deg) for row in rows.to_dict("records")]
    words = [
        "location_id",
        "location_as_published",
        "country_name",
        "country_iso3",
        "admin1_name",
        "continent",
    ]
    found = pd.DataFrame(placed, columns=["longitude_deg", "latitude_deg", "drawn_as"], index=rows.index)
    spread = rows[["coordinate_source", "coordinate_spread_km"]]
    return Gazetteer(pd.concat([rows[words], found, spread], axis=1), middles_deg)


def _best_place(
    row: Mapping[Any, Any], middles_deg: dict[str, tuple[float, float]]
) -> tuple[float | None, float | None, str | None]:
    longitude, latitude = row["longitude_deg"], row["latitude_deg"]
    if isinstance(longitude, (int, float)) and isinstance(latitude, (int, float)):
        precision = _DRAWN_AS.get(str(row["coordinate_precision"]), AREA)
        return float(longitude), float(latitude), _as_spread_allows(precision, row["coordinate_spread_km"])
    country = row["country_iso3"]
    if isinstance(country, str) and country in middles_deg:
        return *middles_deg[country], COUNTRY
    return None, None, None


def _as_spread_allows(precision: str, spread_km: object) -> str:
    if not isinstance(spread_km, (int, float)):
        return precision
    allowed = SITE
    if spread_km > _AREA_SPREAD_KM:
        allowed = AREA
    elif spread_km > _DISTRICT_SPREAD_KM:
        allowed = DISTRICT
    return max(precision, allowed, key=PRECISIONS.index)


def place_records(records: pd.DataFrame, gazetteer: Gazetteer) -> pd.DataFrame:
    """Add to each record its place and words about it.

    Records known by their country or area alone are set side by side about its middle.

    Args:
        records: Rows with ``id`` and ``location_id``.
        gazetteer: Best places.

    Returns:
        The records with the columns of ``gazetteer.locations``; coordinates are null where nothing is known.
    """
    placed = records.merge(gazetteer.locations, on="location_id", how="left", validate="many_to_one")
    taken: list[tuple[float, float]] = []
    spots = [
        _free_spot((longitude, latitude), taken) if drawn_as in (AREA, COUNTRY) else (longitude, latitude)
        for longitude, latitude, drawn_as in zip(
            placed["longitude_deg"], placed["latitude_deg"], placed["drawn_as"], strict=True
        )
    ]
    coordinates = pd.DataFrame(spots, columns=["longitude_deg", "latitude_deg"], index=placed.index)
    placed[["longitude_deg", "latitude_deg"]] = coordinates.astype(float)
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
