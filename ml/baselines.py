"""What the network has to beat: means, and trees.

All are scikit-learn regressors that take NaN targets, as suspect zeros are.
"""

from __future__ import annotations

from typing import Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.ensemble import ExtraTreesRegressor
from sklearn.utils.validation import check_is_fitted

from ml.oxides import FloatArray, close


def known_mean(shares: FloatArray) -> FloatArray:
    """Column means over known cells, shape (k,); 0 for a column without a known cell."""
    known = np.isfinite(shares).sum(axis=0)
    total = np.nansum(shares, axis=0)
    mean: FloatArray = total / np.maximum(known, 1)
    return mean


class TrainingMean(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """Predict the mean composition of the training rows for everybody.

    Attributes:
        mean_pct_: Closed mean, shape (15,), per cent.
    """

    def fit(self, X: pd.DataFrame, y: FloatArray) -> Self:
        """Take the mean of the known cells of `y`, shape (n, 15), in per cent."""
        self.mean_pct_ = close(known_mean(y))
        return self

    def predict(self, X: pd.DataFrame) -> FloatArray:
        """Repeat the mean, shape (n, 15), per cent, each row summing to 100."""
        check_is_fitted(self, "mean_pct_")
        return np.tile(self.mean_pct_, (len(X), 1))


class ShrunkFamilyMean(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """Predict the mean of the project's deposit family, pulled towards the mean of all.

    With n known cells of mean f in the family and m the mean of all, the prediction is
    (n f + k m) / (n + k): the posterior mean of a normal model in which k is the ratio of the
    variance within families to that between them (Gelman et al., Bayesian Data Analysis,
    3rd ed. 2013, section 5.4), here a setting.

    Args:
        shrinkage_rows: k, in rows.

    Attributes:
        overall_pct_: Mean of all, shape (15,), per cent.
        family_pct_: Shrunk mean per family.
    """

    def __init__(self, shrinkage_rows: float = 2.0) -> None:
        self.shrinkage_rows = shrinkage_rows

    def fit(self, X: pd.DataFrame, y: FloatArray) -> Self:
        """Learn the means from `y`, shape (n, 15), per cent, NaN where unknown."""
        self.overall_pct_ = known_mean(y)
        self.family_pct_: dict[str, FloatArray] = {}
        families = X["deposit_family"].to_numpy(dtype=object)
        for family in {name for name in families if name is not None}:
            rows = y[families == family]
            known = np.isfinite(rows).sum(axis=0)
            pulled = np.nansum(rows, axis=0) + self.shrinkage_rows * self.overall_pct_
            self.family_pct_[family] = pulled / np.maximum(known + self.shrinkage_rows, 1e-12)
        return self

    def predict(self, X: pd.DataFrame) -> FloatArray:
        """Give each row its family's shrunk mean, shape (n, 15), per cent, summing to 100."""
        check_is_fitted(self, "overall_pct_")
        chosen = [self.family_pct_.get(family, self.overall_pct_) for family in X["deposit_family"]]
        return close(np.array(chosen).reshape(len(X), len(self.overall_pct_)))


class ExtraTrees(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """Extremely randomised trees on all shares at once (Geurts, Ernst and Wehenkel, 2006).

    Trees take no NaN targets: unknown cells are filled with the training mean of their oxide.

    Args:
        trees: Number of trees.
        min_rows_per_leaf: Fewest training rows in a leaf.
        random_state: Seed.

    Attributes:
        forest_: The fitted forest.
    """

    def __init__(self, trees: int = 200, min_rows_per_leaf: int = 2, random_state: int | None = None) -> None:
        self.trees = trees
        self.min_rows_per_leaf = min_rows_per_leaf
        self.random_state = random_state

    def fit(self, X: FloatArray, y: FloatArray) -> Self:
        """Grow the trees on `X`, shape (n, features), and `y`, shape (n, 15), per cent."""
        filled = np.where(np.isfinite(y), y, known_mean(y))
        self.forest_ = ExtraTreesRegressor(
            n_estimators=self.trees,
            min_samples_leaf=self.min_rows_per_leaf,
            random_state=self.random_state,
        ).fit(X, filled)
        return self

    def predict(self, X: FloatArray) -> FloatArray:
        """Average the trees, shape (n, 15), per cent, each row summing to 100."""
        check_is_fitted(self, "forest_")
        return close(self.forest_.predict(X))
