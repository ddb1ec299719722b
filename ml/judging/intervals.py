"""Conformal prediction intervals from out-of-fold errors, local to the host group or deposit family.

Errors differ fivefold between families, and more between groups of host minerals, and most have too few
projects for quantiles of their own. So each interval is a weighted quantile of absolute errors in which
projects alike weigh 1 and all the others together as much as a few projects, and the level of that quantile
is recalibrated so that the promised share is covered overall: Guan, "Localized conformal
prediction: a generalized inference framework for conformal prediction", Biometrika 110 (2023),
33-50, doi:10.1093/biomet/asac040. Errors are taken out of fold as in Vovk, "Cross-conformal
predictors", Annals of Mathematics and Artificial Intelligence 74 (2015), 9-28,
doi:10.1007/s10472-013-9368-4. Coverage holds as far as a new project is exchangeable with the
measured ones.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.oxides import GROUPS, OXIDES, TOTAL_PCT, FloatArray, group_sum_pct

BLOCKS: tuple[slice, ...] = (slice(0, len(OXIDES)), slice(len(OXIDES), None))
"""Targets whose level is calibrated together: the oxides, and the sums."""


def with_group_sums(shares_pct: FloatArray) -> FloatArray:
    """Append the sums of `GROUPS` to shares, shape (..., 15) to (..., 18)."""
    sums = [group_sum_pct(shares_pct, oxides)[..., None] for oxides in GROUPS.values()]
    return np.concatenate([shares_pct, *sums], axis=-1)


@dataclass(frozen=True, eq=False)
class LocalConformal:
    """Out-of-fold errors to make intervals of.

    Attributes:
        residuals_pct: Observed minus predicted, shape (n, targets), NaN where unknown.
        labels: What rows may be alike in, shape (n, levels), None where unknown, the finest level
            first: host group and deposit family, say.
        site_ids: Site of each row, shape (n,).
        other_rows: What all rows that are not alike together weigh, in rows.
        needed_rows: Rows of a label that make it worth going by; with fewer the next level counts,
            and the last level counts in any case.
    """

    residuals_pct: FloatArray
    labels: npt.NDArray[np.object_]
    site_ids: npt.NDArray[np.object_]
    other_rows: float
    needed_rows: int

    def half_widths_pct(self, labels: npt.NDArray[np.object_], level: float) -> FloatArray:
        """Half-widths for new rows.

        Args:
            labels: Labels of the new rows, shape (q, levels).
            level: Wanted coverage, for example 0.9.

        Returns:
            Half-widths in per cent, shape (q, targets).

        Raises:
            ValueError: If `level` is not between 0 and 1.
        """
        if not 0.0 < level < 1.0:
            raise ValueError(f"level must be between 0 and 1, not {level}")
        return self._half_widths(np.arange(len(self.labels)), labels, level)

    def own_half_widths_pct(self, level: float) -> FloatArray:
        """Half-widths for the rows themselves, each made without the errors of its own site.

        A row's own error must not widen or narrow its interval, or the coverage measured on it
        would flatter.
        """
        widths = np.empty_like(self.residuals_pct)
        for site in dict.fromkeys(self.site_ids):
            is_here = self.site_ids == site
            widths[is_here] = self._half_widths(np.flatnonzero(~is_here), self.labels[is_here], level)
        return widths

    def weights(self, labels: npt.NDArray[np.object_], rows: npt.NDArray[np.intp]) -> FloatArray:
        """Weights of calibration rows around a row with these labels, shape (levels,), shape (rows,).

        Which level counts follows from all rows, so that the intervals a row is judged by, made without its
        own site, go by the same level as those of new rows.
        """
        is_known = np.isfinite(self.residuals_pct).any(axis=1)
        own: npt.NDArray[np.bool_] = np.zeros(len(self.labels), dtype=np.bool_)
        for level, label in enumerate(labels):
            if label is None:
                continue
            own = np.asarray(self.labels[:, level] == label, dtype=np.bool_) & is_known
            if own.sum() >= self.needed_rows:
                break
        others = max(1, int((~own & is_known)[rows].sum()))
        return np.where(own[rows], 1.0, self.other_rows / others)

    def _half_widths(
        self, rows: npt.NDArray[np.intp], labels: npt.NDArray[np.object_], level: float
    ) -> FloatArray:
        scores = np.abs(self.residuals_pct[rows])
        quantile = _levels(self._ranks(rows), level)
        widths = np.empty((len(labels), scores.shape[1]))
        known: dict[tuple[object, ...], FloatArray] = {}
        for place, own in enumerate(labels):
            key = tuple(own)
            if key not in known:
                known[key] = _weighted_quantiles(scores, self.weights(own, rows), quantile)
            widths[place] = known[key]
        return widths

    def _ranks(self, rows: npt.NDArray[np.intp]) -> FloatArray:
        """The rank of each error among those of other sites, as its own interval would see them."""
        scores = np.abs(self.residuals_pct)
        ranks = np.full((len(rows), scores.shape[1]), np.nan)
        for place, row in enumerate(rows):
            others = rows[self.site_ids[rows] != self.site_ids[row]]
            weight = self.weights(self.labels[row], others)[:, None] * np.isfinite(scores[others])
            below = (weight * (scores[others] < scores[row])).sum(axis=0)
            rank = below / (weight.sum(axis=0) + 1.0)  # the row itself weighs 1, at the far end
            ranks[place] = np.where(np.isfinite(scores[row]), rank, np.nan)
        return ranks


def _levels(ranks: FloatArray, level: float) -> FloatArray:
    """Level of the weighted quantile per target that covers `level` of the ranked errors."""
    quantile = np.ones(ranks.shape[1])
    for block in BLOCKS:
        known = np.sort(ranks[:, block][np.isfinite(ranks[:, block])])
        place = math.ceil((len(known) + 1) * level)
        if 0 < place <= len(known):
            quantile[block] = known[place - 1]
    return quantile


def _weighted_quantiles(scores: FloatArray, weights: FloatArray, quantile: FloatArray) -> FloatArray:
    """Smallest score whose cumulative weight passes the level, per column; the largest if none."""
    found = np.full(scores.shape[1], TOTAL_PCT)
    for column, level in enumerate(quantile):
        known = np.isfinite(scores[:, column])
        if known.any():
            order = np.argsort(scores[known, column], kind="stable")
            cumulated = np.cumsum(weights[known][order]) / (weights[known].sum() + 1.0)
            place = min(int(np.searchsorted(cumulated, level + 1e-12)), len(order) - 1)
            found[column] = scores[known, column][order][place]
    return found


def conformal_half_widths_pct(residuals_pct: FloatArray, level: float) -> FloatArray:
    """Half-width of a two-sided interval per target, alike for all rows.

    It is the ceil((n + 1) * level)-th smallest absolute error, which covers a new exchangeable
    row with probability `level` or more at any n (Lei et al., "Distribution-free predictive
    inference for regression", 2018, doi:10.1080/01621459.2017.1307116, section 2.2).

    Args:
        residuals_pct: Observed minus predicted, out of fold, shape (n, k), NaN cells left out.
        level: Wanted coverage, for example 0.9.

    Returns:
        Half-widths in per cent, shape (k,); 100 where there are too few errors to say less.
    """
    ordered = np.sort(np.abs(residuals_pct), axis=0)  # NaN sorts last
    known = np.isfinite(residuals_pct).sum(axis=0)
    widths = np.full(residuals_pct.shape[1], TOTAL_PCT)
    for column, n in enumerate(known):
        rank = math.ceil((n + 1) * level)
        if rank <= n:
            widths[column] = ordered[rank - 1, column]
    return widths


def interval_pct(predicted_pct: FloatArray, half_width_pct: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Lower and upper ends around predictions, cut to what a share can be, 0 to 100.

    Args:
        predicted_pct: Predictions in [0, 100], shape (n, k).
        half_width_pct: Shape (k,) or (n, k).

    Returns:
        Lower and upper ends, both shape (n, k); the prediction lies between them.
    """
    lower = np.clip(predicted_pct - half_width_pct, 0.0, TOTAL_PCT)
    upper = np.clip(predicted_pct + half_width_pct, 0.0, TOTAL_PCT)
    return lower, upper
