"""Country outlines and the middle of each country, from ``sources/natural_earth``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pycountry

from warehouse.paths import SOURCES_DIR
from warehouse.sources.contract import load_package

_ANTARCTICA = "010"

Ring = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Outlines:
    """Outlines of the world's countries.

    Attributes:
        topology: TopoJSON with the one object ``countries``, Antarctica left out.
        middles_deg: Longitude and latitude of each country's middle, by ISO 3166-1 alpha-3 code.
    """

    topology: dict[str, Any]
    middles_deg: dict[str, tuple[float, float]]


def read_outlines() -> Outlines:
    """Read the outlines the project ships.

    Raises:
        ReeError: If the source's contract is broken.
    """
    package = load_package(SOURCES_DIR / "natural_earth")
    world = json.loads((package.folder / package.files[0].path).read_text(encoding="utf-8"))
    countries = world["objects"]["countries"]
    shapes = [shape for shape in countries["geometries"] if shape.get("id") != _ANTARCTICA]
    arcs = [_decoded(arc, world["transform"]) for arc in world["arcs"]]
    alpha_3 = {country.numeric: country.alpha_3 for country in pycountry.countries}
    middles = {alpha_3[s["id"]]: _middle(s, arcs) for s in shapes if s.get("id") in alpha_3}
    return Outlines(
        {**world, "objects": {"countries": {**countries, "geometries": shapes}}},
        middles,
    )


def _decoded(arc: list[list[int]], transform: dict[str, list[float]]) -> Ring:
    """Undo TopoJSON's quantised deltas; shape (points, 2), degrees."""
    steps = np.cumsum(np.array(arc), axis=0)
    return np.asarray(steps * transform["scale"] + transform["translate"], dtype=np.float64)


def _middle(shape: dict[str, Any], arcs: list[Ring]) -> tuple[float, float]:
    """Centre of the largest part of a country, so that far islands do not pull it into the sea."""
    polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
    centres = [_centre(_joined(polygon[0], arcs)) for polygon in polygons]
    _, longitude, latitude = max(centres)
    return longitude, latitude


def _joined(numbers: list[int], arcs: list[Ring]) -> Ring:
    # A negative number is the one's complement of an arc to be run backwards.
    parts = [arcs[number] if number >= 0 else arcs[~number][::-1] for number in numbers]
    return np.concatenate([part[:-1] for part in parts])


def _centre(ring: Ring) -> tuple[float, float, float]:
    """Area, longitude and latitude of the centroid of a ring (the shoelace formula), in degrees."""
    # Rings run on across the 180th meridian, where longitudes jump.
    x, y = np.unwrap(ring[:, 0], period=360), ring[:, 1]
    following_x, following_y = np.roll(x, -1), np.roll(y, -1)
    cross = x * following_y - following_x * y
    area = cross.sum() / 2
    if area == 0:  # an island so small that rounding left a line of it
        return 0.0, float(x[0]), float(y[0])
    longitude = ((x + following_x) * cross).sum() / (6 * area)
    latitude = ((y + following_y) * cross).sum() / (6 * area)
    # A degree of longitude shrinks towards the poles.
    shrunk_area = abs(area) * float(np.cos(np.radians(latitude)))
    return shrunk_area, (float(longitude) + 180) % 360 - 180, float(latitude)
