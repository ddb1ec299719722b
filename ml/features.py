"""What a model sees of a project: numbers made from its features, fitted inside the fold."""

from __future__ import annotations

from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from ml.oxides import FloatArray


class ProjectFeatures(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Turn a features frame (see `ml.dataset.FEATURE_COLUMNS`) into a numeric matrix.

    Columns, in this order: one 0/1 column per family seen in `fit`; 0/1 for tailings; then, if
    `use_grade_and_resource`, the standardised decimal logarithms of grade and resource (training
    median where missing) and a 0/1 flag for each that says it was missing. A family not seen in
    `fit`, or none, is all zeros, so that a model falls back to what all families share.

    Args:
        use_grade_and_resource: Whether grade and resource become columns.

    Attributes:
        families_: Families seen in `fit`, sorted.
        log10_medians_: Training medians of the two logarithms, shape (2,), float64.
        log10_scales_: Their standard deviations on training rows (1 if constant), shape (2,).
    """

    def __init__(self, use_grade_and_resource: bool = True) -> None:
        self.use_grade_and_resource = use_grade_and_resource

    def fit(self, X: pd.DataFrame, y: object = None) -> Self:
        """Learn families, medians and scales from the training rows alone."""
        self.families_ = sorted({family for family in X["deposit_family"] if family is not None})
        logs = _log10_amounts(X)
        is_known = np.isfinite(logs)
        self.log10_medians_ = np.array(
            [np.median(logs[known, j]) if known.any() else 0.0 for j, known in _columns(is_known)]
        )
        filled = np.where(is_known, logs, self.log10_medians_)
        spread = filled.std(axis=0)
        self.log10_scales_ = np.where(spread > 0.0, spread, 1.0)
        return self

    def transform(self, X: pd.DataFrame) -> FloatArray:
        """Give the matrix, shape (n, columns), float64, without NaN."""
        check_is_fitted(self, "families_")
        family = X["deposit_family"].to_numpy(dtype=object)
        blocks = [(family[:, None] == np.array([self.families_], dtype=object)).astype(float)]
        blocks.append(X["is_tailings"].to_numpy(dtype=float)[:, None])
        if self.use_grade_and_resource:
            logs = _log10_amounts(X)
            is_missing = ~np.isfinite(logs)
            filled = np.where(is_missing, self.log10_medians_, logs)
            blocks += [
                (filled - self.log10_medians_) / self.log10_scales_,
                is_missing.astype(float),
            ]
        return np.hstack(blocks)


def _columns(mask: npt.NDArray[np.bool_]) -> list[tuple[int, npt.NDArray[np.bool_]]]:
    return list(enumerate(mask.T))


def _log10_amounts(X: pd.DataFrame) -> FloatArray:
    """Logarithms of grade (wt-%) and resource (t), shape (n, 2), NaN where not positive."""
    amounts = X[["grade_treo_wt_pct", "resource_treo_t"]].to_numpy(dtype="float64")
    positive = np.where(amounts > 0.0, amounts, np.nan)
    logs: FloatArray = np.log10(positive)
    return logs
