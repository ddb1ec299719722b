"""Shares estimated along the rare-earth pattern: from known neighbours, by the shape of a prediction.

Where printed shares leave no room, or a share is printed as zero beside others that are not, what is known is
not how much is missing but what lies beside it. Neighbours in a pattern differ by ratios, so estimates and
their errors are logarithms here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.dataset import Dataset
from ml.judging.intervals import conformal_half_widths_pct
from ml.oxides import CLOSURE_TOLERANCE_PCT, OXIDES, PATTERN_POSITIONS, TOTAL_PCT, FloatArray, known_mean


def along_pattern(known_pct: FloatArray, shape_pct: FloatArray) -> FloatArray:
    """Estimate unknown shares from those known beside them.

    What is known is compared with a shape; the logarithm of the ratio is interpolated between the nearest
    known oxides on both sides, and beyond the last one it is that of the last one.

    Args:
        known_pct: Shares known, per cent, shape (n, 15), NaN where unknown. A zero stays and says nothing.
        shape_pct: A pattern for each row, above 0, in any unit, shape (n, 15).

    Returns:
        Shares, per cent, shape (n, 15), not closed: known ones as they are. A row without a known share is
        its shape.
    """
    order = np.argsort(PATTERN_POSITIONS)
    estimated = shape_pct.copy()
    for row, known in enumerate(np.isfinite(known_pct)):
        beside = order[known_pct[row, order] > 0.0]
        if len(beside):
            ratios = np.log(known_pct[row, beside] / shape_pct[row, beside])
            moved = np.exp(np.interp(PATTERN_POSITIONS, PATTERN_POSITIONS[beside], ratios))
            estimated[row] = shape_pct[row] * moved
        estimated[row, known] = known_pct[row, known]
    return estimated


def is_beside_closed(known_pct: FloatArray) -> npt.NDArray[np.bool_]:
    """Tell unknown shares beside known ones that close to 100 by themselves, shape (n, 15).

    Those were closed over the oxides printed, so the room that they leave says nothing of the others; what
    they say is their ratios to their neighbours.
    """
    closes = np.abs(np.nansum(known_pct, axis=1) - TOTAL_PCT) <= CLOSURE_TOLERANCE_PCT
    is_beside: npt.NDArray[np.bool_] = np.isnan(known_pct) & closes[:, None]
    return is_beside


@dataclass(frozen=True, eq=False)
class PatternErrors:
    """What estimates along the pattern are judged by: measured projects, and predictions without them.

    Attributes:
        measured_pct: Shares, per cent, shape (m, 15); zeros count as unknown.
        out_of_fold_pct: Predictions made without their site, per cent, shape (m, 15).
    """

    measured_pct: FloatArray
    out_of_fold_pct: FloatArray

    def log_half_widths(self, is_unknown: npt.NDArray[np.bool_], level: float) -> FloatArray:
        """Give half-widths of intervals of estimates, as natural logarithms.

        The same oxides are hidden in every measured project and estimated from the others.

        Args:
            is_unknown: Which oxides are estimated, shape (n, 15).
            level: Wanted coverage, for example 0.9.

        Returns:
            Shape (n, 15), 0 where nothing is estimated.
        """
        seen = np.where(self.measured_pct > 0.0, self.measured_pct, np.nan)
        half = np.zeros(is_unknown.shape)
        for mask in np.unique(is_unknown, axis=0):
            if mask.any():
                estimated = along_pattern(np.where(mask, np.nan, seen), self.out_of_fold_pct)
                errors = np.log(seen[:, mask] / estimated[:, mask])
                rows = (is_unknown == mask).all(axis=1)
                half[np.ix_(rows, mask)] = conformal_half_widths_pct(errors, level)
        return half


def without_zeros(measured: Dataset, out_of_fold_pct: FloatArray) -> FloatArray:
    """Give the shares of measured projects with an estimate where zero is printed.

    Args:
        measured: Projects with all 15 shares printed.
        out_of_fold_pct: Predictions of them that did not see their site, shape (m, 15).

    Returns:
        Shape (m, 15), per cent of what the printed shares are per cent of, not closed. A zero that is not
        suspect is at most the smallest share above zero of its row: more would have been printed.
    """
    known = _above_zero(measured)
    return np.where(
        np.isnan(known), np.minimum(along_pattern(known, out_of_fold_pct), _most(measured)), known
    )


def _above_zero(measured: Dataset) -> FloatArray:
    return np.where(measured.stored_shares == 0.0, np.nan, measured.stored_shares)


def _most(measured: Dataset) -> FloatArray:
    """What a share may be at most, per cent, shape (m, 15)."""
    smallest = np.nanmin(_above_zero(measured), axis=1, keepdims=True)
    return np.where(measured.shares == 0.0, smallest, TOTAL_PCT)


def to_learn_from(dataset: Dataset) -> Dataset:
    """Give a dataset whose measured projects have an estimate where zero is printed.

    A zero is a share too small to print, or one not analysed: learned as 0 it would leave a dent in every
    pattern made of such rows. The estimate is made along the mean pattern of what is printed above zero.

    Args:
        dataset: All projects.

    Returns:
        The dataset with other `shares`; what is printed (`stored_shares`) stays.
    """
    measured = dataset.rows(dataset.is_measured)
    above = _above_zero(measured)
    shape = known_mean(above)
    shape = np.where(shape > 0.0, shape, shape[shape > 0.0].min(initial=TOTAL_PCT))
    shares = dataset.shares.copy()
    shares[dataset.is_measured] = without_zeros(measured, np.tile(shape, (len(measured), 1)))
    return replace(dataset, shares=shares)


def known_below(measured: Dataset) -> FloatArray:
    """Give shares as printed, and for zeros that are not suspect what they are below, shape (m, 15)."""
    return np.where(measured.shares == 0.0, _most(measured), measured.shares)


def zero_estimates(measured: Dataset, out_of_fold_pct: FloatArray) -> pd.DataFrame:
    """Say what printed zeros may be: a share below what would have been printed, or one not analysed.

    Args:
        measured: Projects with all 15 shares printed.
        out_of_fold_pct: Predictions of them that did not see their site, shape (m, 15).

    Returns:
        One row per printed zero: `project_id`, `oxide`, `estimated_pct` (see `without_zeros`), `lower_90_pct`
        and `upper_90_pct`.
    """
    is_zero = measured.stored_shares == 0.0
    best = without_zeros(measured, out_of_fold_pct)
    estimated = along_pattern(_above_zero(measured), out_of_fold_pct)
    errors = PatternErrors(measured.stored_shares, out_of_fold_pct)
    spread = np.exp(errors.log_half_widths(is_zero, 0.9))
    row, column = np.nonzero(is_zero)
    return pd.DataFrame(
        {
            "project_id": measured.project_ids[row],
            "oxide": np.array(OXIDES, dtype=object)[column],
            "estimated_pct": best[is_zero],
            "lower_90_pct": np.minimum(estimated / spread, best)[is_zero],
            "upper_90_pct": np.minimum(estimated * spread, _most(measured))[is_zero],
        }
    )
