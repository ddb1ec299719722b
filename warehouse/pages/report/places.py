"""Where each project and plant is drawn: at its point, beside those that share it."""

from __future__ import annotations

import math

import pandas as pd

_SPACING_PX = 8.0
"""Distance between marks that share a point, on a wide screen."""

EXACT, PLACE, AREA = "deposit or district", "town or place", "area, division or country"
KINDS_OF_POINT = {
    "deposit": EXACT,
    "district": EXACT,
    "locality": PLACE,
    "admin1": AREA,
    "country": AREA,
    "area": AREA,
}
"""How the map tells precisions apart, finest first."""


def place_records(records: pd.DataFrame, locations: pd.DataFrame) -> pd.DataFrame:
    """Add to each record its place in words and how far from its point it is drawn.

    Args:
        records: Rows with ``id``, ``location_id``, ``longitude_deg``, ``latitude_deg`` and
            ``coordinate_precision``.
        locations: The words of ``marts.dim_locations``, one row per ``location_id``.

    Returns:
        The records with the columns of ``locations``, ``point`` (the kind of point in the map's words, null
        where there is none), ``fan_east_px`` and ``fan_north_px``: records that share a point are fanned out
        about it, the first in place.
    """
    placed = records.merge(locations, on="location_id", how="left", validate="many_to_one")
    steps = placed.groupby(["longitude_deg", "latitude_deg"]).cumcount()
    fans = [_fan(step) for step in steps]
    placed[["fan_east_px", "fan_north_px"]] = pd.DataFrame(fans, index=placed.index, dtype=float)
    has_point = placed["longitude_deg"].notna()
    placed["point"] = placed["coordinate_precision"].map(KINDS_OF_POINT).where(has_point)
    return placed


def _fan(step: int) -> tuple[float, float]:
    """Spot of the mark number ``step`` on a sunflower spiral, in pixels."""
    radius = _SPACING_PX * math.sqrt(step)
    angle = step * math.pi * (3 - math.sqrt(5))
    return radius * math.cos(angle), radius * math.sin(angle)
