"""Whole compositions around a prediction, made of the errors of measured sites.

Shares are positive and sum to 100, so errors are log-ratios (Aitchison, The Statistical Analysis of
Compositional Data, 1986): a composition around a prediction is the prediction times the exponential of the
error vector of one measured row, closed again. A vector is taken whole, so that what goes together stays
together: sums of oxides are spread as they should be, and no end of an interval is below zero. Each site
weighs as much as any other, however many projects it has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.judging.intervals import with_group_sums
from ml.oxides import LEAST_PCT, FloatArray, close


def log_errors(observed_pct: FloatArray, predicted_pct: FloatArray) -> FloatArray:
    """Give errors as centred log-ratios.

    Args:
        observed_pct: Shares above 0, shape (n, 15), per cent.
        predicted_pct: Predictions, shape (n, 15), per cent; a row of NaN has no prediction.

    Returns:
        Logarithms of observed over predicted, each row centred to sum to 0, shape (n, 15); NaN in rows
        without a prediction.
    """
    ratios = np.log(observed_pct) - np.log(np.maximum(predicted_pct, LEAST_PCT))
    centred: FloatArray = ratios - ratios.mean(axis=1, keepdims=True)
    return centred


@dataclass(frozen=True, eq=False)
class Spread:
    """Compositions that a prediction may turn out to be.

    Attributes:
        shares_pct: One composition per error vector, shape (k, 15), per cent, each summing to 100.
        weights: How much each counts, shape (k,), summing to 1.
    """

    shares_pct: FloatArray
    weights: FloatArray

    def quantiles_pct(self, levels: Sequence[float]) -> FloatArray:
        """Give weighted quantiles of oxides and sums, shape (levels, 18), per cent.

        A composition is in the middle of its own weight; between two of them quantiles are interpolated.
        """
        values = with_group_sums(self.shares_pct)
        order = np.argsort(values, axis=0, kind="stable")
        ordered = np.take_along_axis(values, order, axis=0)
        weights = self.weights[order]
        places = np.cumsum(weights, axis=0) - 0.5 * weights
        return np.stack(
            [np.interp(levels, places[:, t], ordered[:, t]) for t in range(values.shape[1])], axis=1
        )

    def crps_pct(self, observed_pct: FloatArray) -> FloatArray:
        """Score the spread by its continuous ranked probability score: lower is better.

        It is E|X - y| - E|X - X'| / 2 (Gneiting and Raftery, 2007, doi:10.1198/016214506000001437).

        Args:
            observed_pct: Oxides and sums, shape (18,), per cent, NaN where unknown.

        Returns:
            Shape (18,), per cent, NaN where unknown.
        """
        values = with_group_sums(self.shares_pct)
        reach = self.weights @ np.abs(values - observed_pct)
        # E|X - X'| / 2 is the integral of F (1 - F), a sum over the gaps of a step function.
        order = np.argsort(values, axis=0)
        below = np.cumsum(self.weights[order], axis=0)[:-1]
        gaps = np.diff(np.take_along_axis(values, order, axis=0), axis=0)
        scores: FloatArray = reach - (below * (1.0 - below) * gaps).sum(axis=0)
        return scores

    def drawn_pct(self, draws: int, generator: np.random.Generator) -> FloatArray:
        """Draw compositions, shape (draws, 15), per cent.

        They are taken at equal steps through the weights, so that each occurs as often as its weight says, to
        one draw, and are then shuffled.
        """
        steps = (generator.random() + np.arange(draws)) / draws
        ends = np.cumsum(self.weights)
        taken = np.minimum(np.searchsorted(ends, steps, side="right"), len(ends) - 1)
        drawn: FloatArray = self.shares_pct[generator.permutation(taken)]
        return drawn


def interval_pct(
    spreads: Sequence[Spread], predicted_pct: FloatArray, level: float
) -> tuple[FloatArray, FloatArray]:
    """Give the ends of intervals of oxides and sums.

    Args:
        spreads: One per row.
        predicted_pct: Predictions, shape (n, 18), per cent.
        level: Wanted coverage, for example 0.9.

    Returns:
        Lower and upper ends, both shape (n, 18). A prediction beyond its spread's end is the end.

    Raises:
        ValueError: If `level` is not between 0 and 1.
    """
    if not 0.0 < level < 1.0:
        raise ValueError(f"level must be between 0 and 1, not {level}")
    tail = 0.5 * (1.0 - level)
    ends = np.stack([spread.quantiles_pct([tail, 1.0 - tail]) for spread in spreads])
    return np.minimum(ends[:, 0], predicted_pct), np.maximum(ends[:, 1], predicted_pct)


@dataclass(frozen=True, eq=False)
class ErrorPool:
    """Error vectors of measured rows, made by models that saw nothing of their sites.

    Attributes:
        errors: Log-ratios, shape (n, 15), NaN in rows that have none.
        labels: What rows may be alike in, shape (n, levels), None where unknown, the finest level first: host
            group and deposit family, say.
        site_ids: Site of each row, shape (n,).
        other_sites: What all sites that are not alike weigh together, in sites.
        needed_sites: Sites of a label that make it worth going by; with fewer the next level counts, and the
            last level counts in any case.
    """

    errors: FloatArray
    labels: npt.NDArray[np.object_]
    site_ids: npt.NDArray[np.object_]
    other_sites: float
    needed_sites: int

    def weights(self, labels: Sequence[object], without: object = None) -> FloatArray:
        """Weigh the rows around a row with some labels.

        Args:
            labels: Its labels, shape (levels,).
            without: Site that does not count: its own, for a measured row.

        Returns:
            Shape (n,), summing to 1: sites alike weigh 1 each, all others `other_sites` together; 0 for rows
            without an error.
        """
        counts = self._counts()
        alike = self._alike(labels, counts)
        by_site = self._by_site(counts & (self.site_ids != without))
        others = by_site[~alike].sum()
        weights = np.where(alike, by_site, by_site * self.other_sites / max(others, 1e-12))
        closed: FloatArray = weights / weights.sum()
        return closed

    def even_weights(self, without: object = None) -> FloatArray:
        """Weigh all sites alike, but for one that does not count, shape (n,), summing to 1."""
        by_site = self._by_site(self._counts() & (self.site_ids != without))
        closed: FloatArray = by_site / by_site.sum()
        return closed

    def around(self, predicted_pct: FloatArray, weights: FloatArray) -> Spread:
        """Give the compositions around a prediction, shape (15,), per cent."""
        chosen = weights > 0.0
        moved = np.maximum(predicted_pct, LEAST_PCT) * np.exp(self.errors[chosen])
        return Spread(close(moved), weights[chosen])

    def own_spreads(self, predicted_pct: FloatArray) -> list[Spread]:
        """Give the compositions around predictions of the rows themselves, shape (n, 15).

        Each is made without the errors of its own site: an error must not widen or narrow the interval it is
        judged by.
        """
        return [
            self.around(predicted, self.weights(labels, site))
            for predicted, labels, site in zip(predicted_pct, self.labels, self.site_ids, strict=True)
        ]

    def _counts(self) -> npt.NDArray[np.bool_]:
        counts: npt.NDArray[np.bool_] = np.asarray(np.isfinite(self.errors).all(axis=1), dtype=np.bool_)
        return counts

    def _alike(self, labels: Sequence[object], counts: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Which level counts follows from all rows, so that it is the same with and without one site."""
        alike = np.zeros(len(self.labels), dtype=np.bool_)
        for level, label in enumerate(labels):
            if label is None:
                continue
            alike = np.asarray(self.labels[:, level] == label, dtype=np.bool_) & counts
            if len(set(self.site_ids[alike])) >= self.needed_sites:
                break
        return alike

    def _by_site(self, counts: npt.NDArray[np.bool_]) -> FloatArray:
        """Weights of rows by which each site weighs 1, shape (n,)."""
        _, site, rows = np.unique(self.site_ids[counts].astype(str), return_inverse=True, return_counts=True)
        weights = np.zeros(len(counts))
        weights[counts] = 1.0 / rows[site]
        return weights
