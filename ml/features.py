"""What a model sees of a project: numbers made from its features, fitted inside the fold."""

from __future__ import annotations

from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from ml.oxides import FloatArray, known_mean, shrunk_mean


class ProjectFeatures(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Turn a features frame (see `ml.dataset.FEATURE_COLUMNS`) into a numeric matrix.

    Columns, in this order: one 0/1 column per family seen in `fit`; 0/1 for tailings; then, if
    `use_amounts`, the standardised decimal logarithms of grade and resource; then, if
    `flag_missing` as well, a 0/1 flag for each that says it was missing. A missing amount becomes
    the mean of its family, shrunk towards the mean of all. A family not seen in `fit`, or none,
    is all zeros, so that a model falls back to what all families share.

    Args:
        use_amounts: Whether grade and resource become columns.
        flag_missing: Whether to add the flags. Off by default: three of the measured projects lack
            a grade, too few to learn from, while most of the unmeasured lack one.
        shrinkage_rows: Pull of a family's mean amount towards the mean of all, in rows.

    Attributes:
        families_: Families seen in `fit`, sorted.
        log10_means_: Training means of the two logarithms, shape (2,), float64.
        log10_scales_: Their standard deviations on training rows (1 if constant), shape (2,).
        family_log10_means_: Shrunk mean logarithms per family.
    """

    def __init__(
        self, use_amounts: bool = True, flag_missing: bool = False, shrinkage_rows: float = 2.0
    ) -> None:
        self.use_amounts = use_amounts
        self.flag_missing = flag_missing
        self.shrinkage_rows = shrinkage_rows

    def fit(self, X: pd.DataFrame, y: object = None) -> Self:
        """Learn families, means and scales from the training rows alone."""
        self.families_ = sorted({family for family in X["deposit_family"] if family is not None})
        logs = _log10_amounts(X)
        self.log10_means_ = known_mean(logs)
        family = X["deposit_family"].to_numpy(dtype=object)
        self.family_log10_means_ = {
            name: shrunk_mean(logs[family == name], self.log10_means_, self.shrinkage_rows)
            for name in self.families_
        }
        filled = np.where(np.isfinite(logs), logs, self.log10_means_)
        spread = filled.std(axis=0)
        self.log10_scales_ = np.where(spread > 0.0, spread, 1.0)
        return self

    def transform(self, X: pd.DataFrame) -> FloatArray:
        """Give the matrix, shape (n, columns), float64, without NaN."""
        check_is_fitted(self, "families_")
        family = X["deposit_family"].to_numpy(dtype=object)
        blocks = [(family[:, None] == np.array([self.families_], dtype=object)).astype(float)]
        blocks.append(X["is_tailings"].to_numpy(dtype=float)[:, None])
        if self.use_amounts:
            logs = _log10_amounts(X)
            is_missing = ~np.isfinite(logs)
            usual = [self.family_log10_means_.get(name, self.log10_means_) for name in family]
            filled = np.where(is_missing, np.array(usual).reshape(-1, logs.shape[1]), logs)
            blocks.append((filled - self.log10_means_) / self.log10_scales_)
            if self.flag_missing:
                blocks.append(is_missing.astype(float))
        return np.hstack(blocks)


def has_amounts(X: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Whether grade or resource is known, shape (n,), bool."""
    known: npt.NDArray[np.bool_] = np.asarray(np.isfinite(_log10_amounts(X)).any(axis=1))
    return known


def _log10_amounts(X: pd.DataFrame) -> FloatArray:
    """Logarithms of grade (wt-%) and resource (t), shape (n, 2), NaN where not positive."""
    amounts = X[["grade_treo_wt_pct", "resource_treo_t"]].to_numpy(dtype="float64")
    positive = np.where(amounts > 0.0, amounts, np.nan)
    logs: FloatArray = np.log10(positive)
    return logs
