"""What the networks have to beat: means, lines, neighbours, processes and trees.

All are scikit-learn regressors on the features frame that take NaN targets, as suspect zeros are.
"""

from __future__ import annotations

import itertools
from typing import Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, RegressorMixin, clone
from sklearn.utils.validation import check_is_fitted

from ml.models.features import ProjectFeatures
from ml.oxides import FloatArray, close, known_mean, shrunk_mean
from ml.settings import Settings


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


class ShrunkHostMean(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """Predict the mean of the principal host mineral, pulled to its group's, and that to the mean of all.

    A project whose host is unknown, or was not seen in `fit`, gets what the level above says; without a group
    it gets its family's shrunk mean.

    Args:
        shrinkage_rows: Weight of the level above, in rows (see `ml.oxides.shrunk_mean`).

    Attributes:
        by_family_: Means per family, for projects of unknown mineralogy.
        group_pct_: Shrunk mean per group.
        mineral_pct_: Shrunk mean per mineral.
    """

    def __init__(self, shrinkage_rows: float = 2.0) -> None:
        self.shrinkage_rows = shrinkage_rows

    def fit(self, X: pd.DataFrame, y: FloatArray) -> Self:
        """Learn the means from `y`, shape (n, 15), per cent, NaN where unknown."""
        self.by_family_ = ShrunkFamilyMean(self.shrinkage_rows).fit(X, y)
        overall, pull = self.by_family_.overall_pct_, self.shrinkage_rows
        minerals, groups = (X[name].to_numpy(dtype=object) for name in ("host_mineral", "host_group"))
        group_of = {
            mineral: group for mineral, group in zip(minerals, groups, strict=True) if mineral is not None
        }
        self.group_pct_ = {
            group: shrunk_mean(y[groups == group], overall, pull) for group in set(group_of.values())
        }
        self.mineral_pct_ = {
            mineral: shrunk_mean(y[minerals == mineral], self.group_pct_[group], pull)
            for mineral, group in group_of.items()
        }
        return self

    def predict(self, X: pd.DataFrame) -> FloatArray:
        """Give each row the mean of the lowest level known, shape (n, 15), per cent, summing to 100."""
        check_is_fitted(self, "mineral_pct_")
        predicted = self.by_family_.predict(X)
        for row, (mineral, group) in enumerate(zip(X["host_mineral"], X["host_group"], strict=True)):
            found = self.mineral_pct_.get(mineral, self.group_pct_.get(group))
            if found is not None:
                predicted[row] = found
        return close(predicted)


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

    def fit(self, X: pd.DataFrame | FloatArray, y: FloatArray) -> Self:
        """Fit on n rows of what the regressor takes and `y`, shape (n, 15), per cent, NaN where unknown."""
        self.regressor_ = clone(self.regressor).fit(X, np.where(np.isfinite(y), y, known_mean(y)))
        return self

    def predict(self, X: pd.DataFrame | FloatArray) -> FloatArray:
        """Predict shares, shape (n, 15), per cent, each row summing to 100."""
        check_is_fitted(self, "regressor_")
        return close(np.asarray(self.regressor_.predict(X), dtype=np.float64))


Blocks = dict[str, FloatArray]


class SharedProcess(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """A Gaussian process whose covariance says what two projects share.

    The covariance of two projects is `family` if they are of one family, plus `host` if their principal
    host minerals are of one group, plus `host` again if they are one mineral, plus `tailings` if both are
    tailings, plus `amounts` times a squared exponential of the distance of their standardised logarithms
    of grade and resource, plus noise (Rasmussen and Williams, Gaussian Processes for Machine Learning,
    2006, chapter 2).
    Family and host variances, length and noise are chosen by the leave-one-out error in closed form (section
    5.4.2) on the training rows.

    Args:
        use_amounts: Whether grade and resource count.
        use_minerals: Whether host minerals count.
        settings: Variances, lengths and noises to choose from.

    Attributes:
        chosen_: The family variance, host variance, length and noise chosen.
    """

    def __init__(
        self, use_amounts: bool = True, use_minerals: bool = True, settings: Settings | None = None
    ) -> None:
        self.use_amounts = use_amounts
        self.use_minerals = use_minerals
        self.settings = settings

    def fit(self, X: pd.DataFrame, y: FloatArray) -> Self:
        """Condition on a features frame and `y`, shape (n, 15), per cent, without NaN."""
        self.settings_ = settings = self.settings or Settings()
        self.features_ = ProjectFeatures(
            self.use_amounts, self.use_minerals, settings.amount_shrinkage_rows
        ).fit(X)
        self.blocks_, self.mean_ = self.features_.blocks(X), y.mean(axis=0)
        spread = y.std(axis=0)
        self.scale_ = np.where(spread > 0.0, spread, 1.0)
        standardised = (y - self.mean_) / self.scale_
        hosts = settings.process_hosts if self.use_minerals else (0.0,)
        lengths = settings.process_lengths if self.use_amounts else (1.0,)
        best = np.inf
        for family, host, length in itertools.product(settings.process_families, hosts, lengths):
            covariance = self._covariance(self.blocks_, self.blocks_, family, host, length)
            for noise in settings.process_noises:
                inverse = np.linalg.inv(covariance + noise * np.eye(len(y)))
                error = float(np.mean((inverse @ standardised / np.diag(inverse)[:, None]) ** 2))
                if error < best:
                    best, self.chosen_ = error, (family, host, length, noise)
                    self.weights_: FloatArray = inverse @ standardised
        return self

    def predict(self, X: pd.DataFrame) -> FloatArray:
        """Give the posterior mean, shape (n, 15), per cent, not closed."""
        check_is_fitted(self, "weights_")
        family, host, length, _ = self.chosen_
        shared = self._covariance(self.features_.blocks(X), self.blocks_, family, host, length)
        predicted: FloatArray = (shared @ self.weights_) * self.scale_ + self.mean_
        return predicted

    def _covariance(self, a: Blocks, b: Blocks, family: float, host: float, length: float) -> FloatArray:
        variances = {
            "family": family,
            "host_group": host,
            "host_mineral": host,
            "tailings": self.settings_.process_tailings,
        }
        covariance = np.zeros((len(a["tailings"]), len(b["tailings"])))
        for block, variance in variances.items():
            if block in a:
                covariance += variance * (a[block] @ b[block].T)
        if "amounts" in a:
            gap = a["amounts"][:, None] - b["amounts"][None]
            covariance += self.settings_.process_amounts * np.exp(-0.5 * (gap**2).sum(axis=2) / length**2)
        return covariance
