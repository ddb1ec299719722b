"""How far predictions are from published shares, with errors that respect sites."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from ml.oxides import FloatArray

FLOOR_PCT = 0.01
"""Shares below this count as this in logarithms: one unit of the second decimal that tables print."""


def rmse(errors: FloatArray) -> float:
    """Root mean square of errors.

    Args:
        errors: Predicted minus observed in per cent of TREO, any shape; NaN cells are left out.

    Returns:
        The error in the unit of the input, NaN if no cell is left.
    """
    known = errors[np.isfinite(errors)]
    return float(np.sqrt(np.mean(known**2))) if known.size else float("nan")


class Stratum(NamedTuple):
    """Part of the projects that a number is taken over.

    Attributes:
        kind: What the projects are sorted by, see `ml.store.tables.model_metrics`.
        name: Which of its parts.
    """

    kind: str
    name: str


EVERYTHING: Final = Stratum("all", "all")
"""All projects."""


class Compared(NamedTuple):
    """What a paired difference is taken to.

    Attributes:
        model_name: The other model, or the same.
        protocol: How it was judged.
    """

    model_name: str
    protocol: str


@dataclass(frozen=True)
class Metric:
    """One measured number; `ml.store.tables.model_metrics` has the words of each attribute.

    Attributes:
        model_name: Contender.
        protocol: How rows were kept apart.
        metric: What is measured, with its unit.
        target: `all`, an oxide, or a sum such as `hree`.
        value: The number.
        standard_error: By bootstrap over sites, None where not estimated.
        stratum: The part of the projects it is taken over.
        interval_level: Level of the intervals it is about, per cent; None where it is about none.
        compared: What is taken off, for a paired difference; else None.
        projects: Projects it is taken over.
        sites: Sites of those.
    """

    model_name: str
    protocol: str
    metric: str
    target: str
    value: float
    standard_error: float | None = None
    stratum: Stratum = EVERYTHING
    interval_level: int | None = None
    compared: Compared | None = None
    projects: int | None = None
    sites: int | None = None

    def row(self) -> dict[str, str | float | int | None]:
        """Give the number as a row of `ml.store.tables.model_metrics`, without its run."""
        other = self.compared
        return {
            "model_name": self.model_name,
            "protocol": self.protocol,
            "metric": self.metric,
            "target": self.target,
            "stratum_kind": self.stratum.kind,
            "stratum": self.stratum.name,
            "interval_level": self.interval_level,
            "compared_model_name": other and other.model_name,
            "compared_protocol": other and other.protocol,
            "value": self.value,
            "standard_error": self.standard_error,
            "projects": self.projects,
            "sites": self.sites,
        }


@dataclass(frozen=True)
class Estimate:
    """A number, its standard error, and the projects and sites it is taken over.

    Attributes:
        value: The number.
        standard_error: By bootstrap over sites; None if there is a single site.
        projects: Projects with at least one cell in it.
        sites: Sites of those.
    """

    value: float
    standard_error: float | None
    projects: int
    sites: int


class SiteBootstrap:
    """Standard errors by resampling whole sites.

    Projects of one site err together, so sites, not cells or projects, are what is drawn (the
    cluster bootstrap; Davison and Hinkley, Bootstrap Methods and their Application, 1997,
    section 3.8). Equal draws serve all numbers, so differences between models are paired.

    Args:
        site_ids: Site of each row, shape (n,).
        draws: Resamples.
        seed: Seed of the draws.
    """

    def __init__(self, site_ids: npt.NDArray[np.object_], draws: int, seed: int) -> None:
        sites, self._position = np.unique(site_ids.astype(str), return_inverse=True)
        generator = np.random.default_rng(seed)
        count = len(sites)
        self.draws = draws
        self._drawn = generator.multinomial(count, np.full(count, 1.0 / count), size=draws).astype(float)

    def rmse(self, errors: FloatArray) -> Estimate:
        """Root mean square of errors, shape (n, ...), NaN cells left out, unit kept."""
        return self._estimate(rmse(errors), np.sqrt(self._resampled_mean(errors**2)), errors)

    def mean(self, values: FloatArray) -> Estimate:
        """Mean of values, shape (n, ...), NaN cells left out, unit kept."""
        known = values[np.isfinite(values)]
        value = float(known.mean()) if known.size else float("nan")
        return self._estimate(value, self._resampled_mean(values), values)

    def rmse_difference(self, errors: FloatArray, others: FloatArray) -> Estimate:
        """RMSE of `errors` minus that of `others`, same rows, each resample used for both."""
        gap = np.sqrt(self._resampled_mean(errors**2)) - np.sqrt(self._resampled_mean(others**2))
        return self._estimate(rmse(errors) - rmse(others), gap, errors)

    def means(self, values: FloatArray) -> FloatArray:
        """Mean of values, shape (n, ...), over all rows, then in each resample, shape (1 + draws,).

        NaN cells are left out; NaN where no cell is drawn.
        """
        known = values[np.isfinite(values)]
        first = known.mean() if known.size else np.nan
        return np.concatenate([[first], self._resampled_mean(values)])

    def _resampled_mean(self, values: FloatArray) -> FloatArray:
        flat = values.reshape(len(values), -1)
        total = np.bincount(self._position, weights=np.nansum(flat, axis=1))
        cells = np.bincount(self._position, weights=np.isfinite(flat).sum(axis=1).astype(float))
        with np.errstate(invalid="ignore", divide="ignore"):
            mean: FloatArray = (self._drawn @ total) / (self._drawn @ cells)
        return mean

    def _estimate(self, value: float, resampled: FloatArray, cells: FloatArray) -> Estimate:
        has_cells = np.isfinite(cells.reshape(len(cells), -1)).any(axis=1)
        spread = resampled[np.isfinite(resampled)]
        # One site drawn over and over says nothing about others.
        sites = len(set(self._position[has_cells]))
        error = float(spread.std(ddof=1)) if sites > 1 and spread.size > 1 else None
        return Estimate(value, error, int(has_cells.sum()), sites)


def aitchison_distance(predicted_pct: FloatArray, observed_pct: FloatArray) -> FloatArray:
    """Distance of compositions: Euclidean between centred log-ratios (Aitchison 1986, section 8.3).

    Args:
        predicted_pct: Shares, shape (..., n, 15), without NaN.
        observed_pct: Shares, shape (n, 15); NaN parts are left out of both compositions.

    Returns:
        Distances, shape (..., n), without unit, NaN where nothing is observed; shares under `FLOOR_PCT` count
        as that.
    """
    known = np.isfinite(observed_pct)
    parts = np.maximum(known.sum(axis=-1), 1)
    gap = np.log(np.maximum(predicted_pct, FLOOR_PCT)) - np.log(
        np.where(known, np.maximum(observed_pct, FLOOR_PCT), 1.0)
    )
    gap = np.where(known, gap, 0.0)
    centred = np.where(known, gap - gap.sum(axis=-1, keepdims=True) / parts[:, None], 0.0)
    distance: FloatArray = np.where(known.any(axis=-1), np.sqrt((centred**2).sum(axis=-1)), np.nan)
    return distance


def is_covered(
    observed: FloatArray, lower: FloatArray, upper: FloatArray, most: FloatArray | None = None
) -> FloatArray:
    """Whether each known cell is within its interval: 1 or 0, NaN where unknown.

    Args:
        observed: Values, any shape, NaN where unknown.
        lower: Lower ends.
        upper: Upper ends.
        most: Where a value is known only to be below something, that; elsewhere the value. Such a value is
            covered if the interval reaches below it.
    """
    below = observed if most is None else most
    inside = (below >= lower) & (observed <= upper)
    return np.where(np.isfinite(observed), inside.astype(float), np.nan)
