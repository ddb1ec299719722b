"""What a model sees of a project: numbers made from its features, fitted inside the fold."""

from __future__ import annotations

from typing import Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from ml.dataset import AMOUNT_COLUMNS
from ml.oxides import FloatArray, known_mean, shrunk_mean

LABELS: dict[str, str] = {
    "family": "deposit_family",
    "host_group": "host_group",
    "host_mineral": "host_mineral",
}
"""Blocks of 0/1 columns, and the feature each is made of."""


class ProjectFeatures(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Turn a features frame (see `ml.dataset.FEATURE_COLUMNS`) into a numeric matrix.

    Columns, in this order: one 0/1 column per family seen in `fit`; if `use_minerals`, one per group of
    principal host minerals and one per principal host mineral; 0/1 for tailings; then, if `use_amounts`,
    the standardised decimal logarithms of grade and resource. A missing amount becomes the mean of its
    family, shrunk towards the mean of all. A label not seen in `fit`, or none, is all zeros, so that a model
    falls back from the mineral to its group, and from there to what all projects share.

    Args:
        use_amounts: Whether grade and resource become columns.
        use_minerals: Whether host minerals become columns.
        shrinkage_rows: Pull of a family's mean amount towards the mean of all, in rows.

    Attributes:
        labels_: Labels seen in `fit`, sorted, by block.
        log10_means_: Training means of the two logarithms, shape (2,), float64.
        log10_scales_: Their standard deviations on training rows (1 if constant), shape (2,).
        family_log10_means_: Shrunk mean logarithms per family.
    """

    def __init__(
        self,
        use_amounts: bool = True,
        use_minerals: bool = True,
        shrinkage_rows: float = 2.0,
    ) -> None:
        self.use_amounts = use_amounts
        self.use_minerals = use_minerals
        self.shrinkage_rows = shrinkage_rows

    def fit(self, X: pd.DataFrame, y: object = None) -> Self:
        """Learn labels, means and scales from the training rows alone."""
        self.labels_ = {
            block: sorted({label for label in X[column] if label is not None})
            for block, column in LABELS.items()
            if block == "family" or self.use_minerals
        }
        logs = _log10_amounts(X)
        self.log10_means_ = known_mean(logs)
        family = X["deposit_family"].to_numpy(dtype=object)
        self.family_log10_means_ = {
            name: shrunk_mean(logs[family == name], self.log10_means_, self.shrinkage_rows)
            for name in self.labels_["family"]
        }
        filled = np.where(np.isfinite(logs), logs, self.log10_means_)
        spread = filled.std(axis=0)
        self.log10_scales_ = np.where(spread > 0.0, spread, 1.0)
        return self

    def blocks(self, X: pd.DataFrame) -> dict[str, FloatArray]:
        """Give the columns by what they tell: the blocks of `LABELS`, `tailings`, `amounts`.

        Returns:
            Arrays (n, columns), float64, without NaN, in the order of the matrix.
        """
        check_is_fitted(self, "labels_")
        made = {
            block: (
                X[LABELS[block]].to_numpy(dtype=object)[:, None] == np.array([known], dtype=object)
            ).astype(float)
            for block, known in self.labels_.items()
        }
        made["tailings"] = X["is_tailings"].to_numpy(dtype=float)[:, None]
        if self.use_amounts:
            logs = _log10_amounts(X)
            is_missing = ~np.isfinite(logs)
            family = X["deposit_family"].to_numpy(dtype=object)
            usual = [self.family_log10_means_.get(name, self.log10_means_) for name in family]
            filled = np.where(is_missing, np.array(usual).reshape(-1, logs.shape[1]), logs)
            made["amounts"] = (filled - self.log10_means_) / self.log10_scales_
        return made

    def transform(self, X: pd.DataFrame) -> FloatArray:
        """Give the matrix, shape (n, columns), float64, without NaN."""
        return np.hstack(list(self.blocks(X).values()))


def _log10_amounts(X: pd.DataFrame) -> FloatArray:
    """Logarithms of grade (wt-%) and resource (t), shape (n, 2), NaN where not positive."""
    amounts = np.column_stack([X[column].to_numpy(dtype="float64") for column in AMOUNT_COLUMNS])
    positive = np.where(amounts > 0.0, amounts, np.nan)
    logs: FloatArray = np.log10(positive)
    return logs
