"""What the networks have to beat: means, lines, neighbours, processes and trees.

All are scikit-learn regressors on the features frame that take NaN targets, as suspect zeros are.
"""

from __future__ import annotations

import itertools
from typing import Any, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, RegressorMixin, clone
from sklearn.pipeline import make_pipeline
from sklearn.utils.validation import check_is_fitted

from ml.features import ProjectFeatures, has_amounts
from ml.oxides import FloatArray, close, known_mean, shrunk_mean


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

    Args:
        shrinkage_rows: Weight of the mean of all, in rows (see `ml.oxides.shrunk_mean`).

    Attributes:
        overall_pct_: Mean of all, shape (15,), per cent.
        family_pct_: Shrunk mean per family.
    """

    def __init__(self, shrinkage_rows: float = 2.0) -> None:
        self.shrinkage_rows = shrinkage_rows

    def fit(self, X: pd.DataFrame, y: FloatArray) -> Self:
        """Learn the means from `y`, shape (n, 15), per cent, NaN where unknown."""
        self.overall_pct_ = known_mean(y)
        families = X["deposit_family"].to_numpy(dtype=object)
        self.family_pct_: dict[str, FloatArray] = {
            family: shrunk_mean(y[families == family], self.overall_pct_, self.shrinkage_rows)
            for family in {name for name in families if name is not None}
        }
        return self

    def predict(self, X: pd.DataFrame) -> FloatArray:
        """Give each row its family's shrunk mean, shape (n, 15), per cent, summing to 100."""
        check_is_fitted(self, "overall_pct_")
        chosen = [self.family_pct_.get(family, self.overall_pct_) for family in X["deposit_family"]]
        return close(np.array(chosen).reshape(len(X), len(self.overall_pct_)))


class FilledTargets(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """Give any regressor targets without NaN and close what it predicts.

    Unknown cells are filled with the training mean of their oxide.

    Args:
        regressor: What to fit; takes several targets at once.

    Attributes:
        regressor_: The fitted clone.
    """

    def __init__(self, regressor: BaseEstimator) -> None:
        self.regressor = regressor

    def fit(self, X: FloatArray, y: FloatArray) -> Self:
        """Fit on `X`, shape (n, features), and `y`, shape (n, 15), per cent, NaN where unknown."""
        self.regressor_ = clone(self.regressor).fit(X, np.where(np.isfinite(y), y, known_mean(y)))
        return self

    def predict(self, X: FloatArray) -> FloatArray:
        """Predict shares, shape (n, 15), per cent, each row summing to 100."""
        check_is_fitted(self, "regressor_")
        return close(np.asarray(self.regressor_.predict(X), dtype=np.float64))


class ByAmounts(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """Two fits of one regressor: with grade and resource, and for projects that state neither.

    Nearly every measured project states its grade and most unmeasured ones do not, so a model that
    leans on grades has nothing to say about the latter; one that never saw a grade has.

    Args:
        regressor: Takes the matrix of `ProjectFeatures`.

    Attributes:
        with_amounts_: Fitted on all features.
        without_amounts_: Fitted on family and tailings alone.
    """

    def __init__(self, regressor: BaseEstimator) -> None:
        self.regressor = regressor

    def fit(self, X: pd.DataFrame, y: FloatArray) -> Self:
        """Keep the training rows; each of the two is fitted when it is first asked."""
        self._rows: tuple[pd.DataFrame, FloatArray] = (X, y)
        self._fitted: dict[bool, Any] = {}
        return self

    def predict(self, X: pd.DataFrame) -> FloatArray:
        """Predict shares, shape (n, 15), per cent, each row summing to 100."""
        is_stated = has_amounts(X)
        predicted = np.empty((len(X), self._rows[1].shape[1]))
        for stated in (True, False):
            if (is_stated == stated).any():
                predicted[is_stated == stated] = self._model(stated).predict(X[is_stated == stated])
        return predicted

    def _model(self, stated: bool) -> Any:
        if stated not in self._fitted:
            features = ProjectFeatures(use_amounts=stated)
            self._fitted[stated] = make_pipeline(features, clone(self.regressor)).fit(*self._rows)
        return self._fitted[stated]


class FamilyProcess(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """A Gaussian process whose covariance says what two projects share.

    The covariance of two projects is `family` if they are of one family, plus `tailings` if both are
    tailings, plus `amounts` times a squared exponential of the distance of their standardised
    logarithms of grade and resource, plus noise (Rasmussen and Williams, Gaussian Processes for
    Machine Learning, 2006, chapter 2). Length and noise are chosen by the leave-one-out error in
    closed form (section 5.4.2) on the training rows.

    Args:
        family: Variance between families, in units of each oxide's variance.
        tailings: Variance between tailings and ore.
        amounts: Variance explained by grade and resource.
        lengths: Lengths to choose from, in standard deviations of the logarithms.
        noises: Noise variances to choose from.

    Attributes:
        length_: The length chosen.
        noise_: The noise chosen.
        amount_columns_: How many trailing columns are amounts, 0 or 2.
    """

    def __init__(
        self,
        family: float = 0.5,
        tailings: float = 0.1,
        amounts: float = 0.4,
        lengths: tuple[float, ...] = (0.7, 1.0, 1.5),
        noises: tuple[float, ...] = (0.5, 1.0),
    ) -> None:
        self.family = family
        self.tailings = tailings
        self.amounts = amounts
        self.lengths = lengths
        self.noises = noises

    def fit(self, X: FloatArray, y: FloatArray) -> Self:
        """Condition on `X` from `ProjectFeatures` and `y`, shape (n, 15), per cent, without NaN."""
        self.inputs_, self.mean_ = X, y.mean(axis=0)
        self.amount_columns_ = _amount_columns(X)
        spread = y.std(axis=0)
        self.scale_ = np.where(spread > 0.0, spread, 1.0)
        standardised = (y - self.mean_) / self.scale_
        choices = [
            (self._left_out_error(X, standardised, length, noise), length, noise)
            for length, noise in itertools.product(self.lengths, self.noises)
        ]
        _, self.length_, self.noise_ = min(choices)
        covariance = self._covariance(X, X, self.length_) + self.noise_ * np.eye(len(X))
        self.weights_ = np.linalg.solve(covariance, standardised)
        return self

    def predict(self, X: FloatArray) -> FloatArray:
        """Give the posterior mean, shape (n, 15), per cent, not closed."""
        check_is_fitted(self, "weights_")
        mean: FloatArray = self._covariance(X, self.inputs_, self.length_) @ self.weights_
        predicted: FloatArray = mean * self.scale_ + self.mean_
        return predicted

    def _left_out_error(self, X: FloatArray, y: FloatArray, length: float, noise: float) -> float:
        inverse = np.linalg.inv(self._covariance(X, X, length) + noise * np.eye(len(X)))
        return float(np.mean((inverse @ y / np.diag(inverse)[:, None]) ** 2))

    def _covariance(self, a: FloatArray, b: FloatArray, length: float) -> FloatArray:
        # ProjectFeatures puts families, tailings, then the two amounts if they are used.
        amounts = self.amount_columns_
        variances = np.full(a.shape[1] - amounts, self.family)
        variances[-1] = self.tailings
        labels = slice(0, a.shape[1] - amounts)
        covariance: FloatArray = (a[:, labels] * variances) @ b[:, labels].T
        if amounts:
            gap = a[:, None, -amounts:] - b[None, :, -amounts:]
            covariance += self.amounts * np.exp(-0.5 * (gap**2).sum(axis=2) / length**2)
        return covariance


def _amount_columns(X: FloatArray) -> int:
    """Count the trailing columns that are amounts: those that are not 0/1 labels."""
    return 0 if bool(np.isin(X[:, -2:], (0.0, 1.0)).all()) else 2
