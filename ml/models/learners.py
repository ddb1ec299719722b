"""Models that predict folds: the one interface behind the league, the champion and `ree predict`.

A learner is handed a table and many folds at once, so that a model that can train them side by side
does. What is asked twice is computed once (`Bench`).
"""

from __future__ import annotations

import functools
import itertools
import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import nnls
from sklearn.base import BaseEstimator

from ml.dataset import Dataset
from ml.folds import Fold, grouped_folds
from ml.models.features import ProjectFeatures, has_amounts
from ml.models.networks import GridPoint, Task, predict_tasks
from ml.oxides import OXIDES, FloatArray, close
from ml.settings import Settings


class TooFewRowsError(ValueError):
    """There are fewer measured sites than an honest choice inside the training rows needs."""


class Learner(ABC):
    """A model that predicts compositions fold by fold."""

    @abstractmethod
    def predict_folds(self, bench: Bench, folds: Sequence[Fold]) -> list[FloatArray]:
        """Train on each fold's training rows and predict its test rows.

        Args:
            bench: Holds the table, the settings and the other learners.
            folds: Training and test positions in the table.

        Returns:
            Shares in per cent, one array (test rows, 15) per fold, rows summing to 100.
        """

    def predict_inside(self, bench: Bench, train: npt.NDArray[np.intp]) -> FloatArray:
        """Predict training rows by inner folds, shape (rows, 15): what a blend may choose by."""
        predicted = np.empty((len(train), len(OXIDES)))
        inner = bench.inner_folds(train)
        for (_, test), shares in zip(inner, bench.predict_with(self, inner), strict=True):
            predicted[np.searchsorted(train, test)] = shares
        return predicted

    def prepare(self, bench: Bench, trains: Iterable[npt.NDArray[np.intp]]) -> None:
        """Compute the inner predictions of many training sets at once, to be found in the bench."""
        bench.predict_with(self, [fold for train in trains for fold in bench.inner_folds(train)])


class Bench:
    """The table all learners work on, and every prediction made on it so far.

    Args:
        table: Projects; folds are positions in it. Training positions must be ascending.
        settings: Seed and hyper-parameters.
    """

    def __init__(self, table: Dataset, settings: Settings) -> None:
        self.table = table
        self.settings = settings
        self._known: dict[tuple[int, bytes, bytes], FloatArray] = {}
        self._learners: list[Learner] = []  # keeps ids of learners from being used again

    def predict_with(self, learner: Learner, folds: Sequence[Fold]) -> list[FloatArray]:
        """Predict folds, computing only those not asked before; see `Learner.predict_folds`."""
        keys = [(id(learner), train.tobytes(), test.tobytes()) for train, test in folds]
        fresh = {key: fold for key, fold in zip(keys, folds, strict=True) if key not in self._known}
        if fresh:
            self._learners.append(learner)
            made = learner.predict_folds(self, list(fresh.values()))
            self._known.update(zip(fresh, made, strict=True))
        return [self._known[key] for key in keys]

    def inner_folds(self, train: npt.NDArray[np.intp]) -> list[Fold]:
        """Split training rows by site once more, as positions in the table."""
        drawn = grouped_folds(self.table.site_ids[train], self.settings.inner_folds, 1, self.settings.seed)
        return [(train[inner], train[left_out]) for inner, left_out in drawn[0]]

    def seed(self, train: npt.NDArray[np.intp]) -> tuple[int, int]:
        """Give a root seed that depends on nothing but the run's seed and the training rows."""
        return self.settings.seed, zlib.crc32(np.ascontiguousarray(train, dtype=np.int64).tobytes())


class EstimatorLearner(Learner):
    """Fits a scikit-learn estimator on the features frame, fold after fold.

    Args:
        build: Makes the unfitted estimator from a seed.
    """

    def __init__(self, build: Callable[[int], BaseEstimator]) -> None:
        self.build = build

    def predict_folds(self, bench: Bench, folds: Sequence[Fold]) -> list[FloatArray]:
        """Fit and predict each fold."""
        return [self._predict(bench, train, test) for train, test in folds]

    def _predict(self, bench: Bench, train: npt.NDArray[np.intp], test: npt.NDArray[np.intp]) -> FloatArray:
        features, shares = bench.table.features, bench.table.shares
        seed = int(np.random.SeedSequence(bench.seed(train)).generate_state(1)[0])
        fitted = self.build(seed).fit(features.iloc[train], shares[train])
        predicted: FloatArray = fitted.predict(features.iloc[test])
        return predicted


@dataclass(frozen=True)
class _Choice:
    """Grid points kept for a training set, and what they predict inside it."""

    points: tuple[GridPoint, ...]
    inside_pct: FloatArray


class NetworkLearner(Learner):
    """The network ensemble: grid search by inner folds, then an average of the best grid points.

    All folds, inner folds, grid points and bags of a call are trained side by side. Projects
    without grade and resource are predicted by networks that see neither (see
    `ml.models.baselines.ByAmounts`).

    Args:
        use_minerals: Whether the networks see host minerals.
    """

    def __init__(self, use_minerals: bool = True) -> None:
        self.use_minerals = use_minerals
        self._choices: dict[bytes, _Choice] = {}

    def predict_folds(self, bench: Bench, folds: Sequence[Fold]) -> list[FloatArray]:
        """Choose inside each training set, then train what was chosen on all of it."""
        self.prepare(bench, [train for train, _ in folds])
        predicted = [np.zeros((len(test), len(OXIDES))) for _, test in folds]
        tasks: list[Task] = []
        places: list[tuple[int, npt.NDArray[np.bool_]]] = []
        for number, (train, test) in enumerate(folds):
            points = self._choices[train.tobytes()].points
            is_stated = has_amounts(bench.table.features.iloc[test])
            for stated in (True, False):
                rows = is_stated == stated
                if rows.any():
                    made = self._tasks(bench, train, test[rows], points, bench.settings.members, stated)
                    tasks += made
                    places += [(number, rows)] * len(made)
        outputs = predict_tasks(tasks, bench.settings.threads)
        for (number, rows), output in zip(places, outputs, strict=True):
            predicted[number][rows] += output / len(self._choices[folds[number][0].tobytes()].points)
        return [close(shares) for shares in predicted]

    def predict_inside(self, bench: Bench, train: npt.NDArray[np.intp]) -> FloatArray:
        """Give the inner predictions of the chosen grid points, shape (rows, 15), per cent."""
        self.prepare(bench, [train])
        return self._choices[train.tobytes()].inside_pct

    def prepare(self, bench: Bench, trains: Iterable[npt.NDArray[np.intp]]) -> None:
        """Search the grid inside each training set that was not searched yet."""
        fresh = {train.tobytes(): train for train in trains if train.tobytes() not in self._choices}
        grid = grid_points(bench.settings)
        tasks: list[Task] = []
        for train in fresh.values():
            for inner, test in bench.inner_folds(train):
                bags = bench.settings.grid_bags * len(grid)
                tasks += self._tasks(bench, inner, test, grid, bags, stated=True)
        outputs = iter(predict_tasks(tasks, bench.settings.threads))
        for key, train in fresh.items():
            inside = np.empty((len(grid), len(train), len(OXIDES)))
            for _, test in bench.inner_folds(train):
                for point in range(len(grid)):
                    inside[point, np.searchsorted(train, test)] = next(outputs)
            self._choices[key] = _choose(grid, inside, bench.table.shares[train], bench.settings.grid_kept)

    def chosen(self, train: npt.NDArray[np.intp]) -> tuple[GridPoint, ...]:
        """Tell the grid points chosen for a training set; KeyError if it was not searched."""
        return self._choices[train.tobytes()].points

    def _tasks(
        self,
        bench: Bench,
        train: npt.NDArray[np.intp],
        test: npt.NDArray[np.intp],
        points: tuple[GridPoint, ...],
        members: int,
        stated: bool,
    ) -> list[Task]:
        """Share `members` out among grid points, with or without amounts among the features."""
        table = bench.table
        features = ProjectFeatures(stated, self.use_minerals).fit(table.features.iloc[train])
        inputs = features.transform(table.features.iloc[train])
        queries = features.transform(table.features.iloc[test])
        return [
            Task(
                inputs,
                table.shares[train],
                table.site_ids[train],
                queries,
                point,
                max(1, members // len(points)),
                (*bench.seed(train), number, int(stated)),
            )
            for number, point in enumerate(points)
        ]


@functools.cache
def grid_points(settings: Settings) -> tuple[GridPoint, ...]:
    """List every combination of the grid."""
    return tuple(
        GridPoint(widths, rate, decay, epochs)
        for widths, decay, (rate, epochs) in itertools.product(
            settings.grid_widths, settings.grid_weight_decays, settings.grid_steps
        )
    )


def _choose(grid: tuple[GridPoint, ...], inside: FloatArray, shares: FloatArray, kept: int) -> _Choice:
    """Keep the grid points of the lowest inner error; `inside` is (points, rows, 15), not closed."""
    error = np.nanmean((inside - shares) ** 2, axis=(1, 2))
    best = np.sort(np.argsort(error, kind="stable")[:kept])
    return _Choice(tuple(grid[point] for point in best), close(inside[best].mean(axis=0)))


class BlendLearner(Learner):
    """The champion: a convex combination of learners, and a lift by measured siblings.

    Weights are chosen inside the training rows, from inner predictions that keep sites apart
    (stacking: Wolpert, 1992, doi:10.1016/S0893-6080(05)80023-1; convex weights: Breiman, "Stacked
    regressions", Machine Learning 24, 1996), pulled towards equal ones. Siblings are the
    hierarchy site, family, all: a project whose site has measured projects is moved by the mean
    inner error of those, shrunk as in a random-effects model.

    Args:
        components: Learners to blend, by name.
    """

    def __init__(self, components: dict[str, Learner]) -> None:
        self.components = components

    def predict_folds(self, bench: Bench, folds: Sequence[Fold]) -> list[FloatArray]:
        """Blend each fold's component predictions; raises TooFewRowsError."""
        for train, _ in folds:
            require_sites(bench.table.site_ids[train], bench.settings.min_training_sites)
        for learner in self.components.values():
            learner.prepare(bench, [train for train, _ in folds])
        outside = [bench.predict_with(learner, folds) for learner in self.components.values()]
        return [
            self._blended(bench, train, test, np.stack([made[number] for made in outside]))
            for number, (train, test) in enumerate(folds)
        ]

    def weights(self, bench: Bench, train: npt.NDArray[np.intp]) -> FloatArray:
        """Choose the weights of the components inside a training set, shape (components,)."""
        return blend_weights(
            self._inside(bench, train), bench.table.shares[train], bench.settings.blend_shrinkage
        )

    def inside_pct(self, bench: Bench, train: npt.NDArray[np.intp]) -> FloatArray:
        """Blend the inner predictions of the training rows, shape (rows, 15), per cent."""
        inside: FloatArray = np.tensordot(self.weights(bench, train), self._inside(bench, train), axes=1)
        return inside

    def _inside(self, bench: Bench, train: npt.NDArray[np.intp]) -> FloatArray:
        return np.stack([learner.predict_inside(bench, train) for learner in self.components.values()])

    def _blended(
        self, bench: Bench, train: npt.NDArray[np.intp], test: npt.NDArray[np.intp], outside: FloatArray
    ) -> FloatArray:
        weights = self.weights(bench, train)
        predicted = np.tensordot(weights, outside, axes=1)
        inside = self.inside_pct(bench, train)
        sites = bench.table.site_ids
        lift = sibling_lift_pct(
            bench.table.shares[train] - inside, sites[train], sites[test], bench.settings.sibling_correlation
        )
        return close(predicted + lift)


class ByMineralogy(Learner):
    """Two learners: one for rows whose principal host is of a group trained on, one for the others.

    The second never sees a mineral, so that a project of unknown mineralogy is predicted exactly as if the
    project knew of no minerals at all. So is one whose host no training row has anything like.

    Args:
        informed: Sees host minerals.
        uninformed: Does not.
    """

    def __init__(self, informed: Learner, uninformed: Learner) -> None:
        self.informed = informed
        self.uninformed = uninformed

    def branch(self, is_informed: bool) -> Learner:
        """Give the learner that sees host minerals, or the other."""
        return self.informed if is_informed else self.uninformed

    def predict_folds(self, bench: Bench, folds: Sequence[Fold]) -> list[FloatArray]:
        """Let each learner predict its rows."""
        hosts = bench.table.features["host_group"]
        predicted = [np.empty((len(test), len(OXIDES))) for _, test in folds]
        for flag in (True, False):
            rows = [_is_trained_on(hosts, train, test) == flag for train, test in folds]
            own = [number for number, of_fold in enumerate(rows) if of_fold.any()]
            asked = [(folds[number][0], folds[number][1][rows[number]]) for number in own]
            made = bench.predict_with(self.branch(flag), asked)
            for number, shares in zip(own, made, strict=True):
                predicted[number][rows[number]] = shares
        return predicted


def _is_trained_on(
    labels: pd.Series, train: npt.NDArray[np.intp], test: npt.NDArray[np.intp]
) -> npt.NDArray[np.bool_]:
    """Whether the label of each test row is known and stands among those of the training rows."""
    seen = labels.iloc[train].dropna().unique()
    trained: npt.NDArray[np.bool_] = labels.iloc[test].isin(seen).to_numpy(dtype=bool)
    return trained


def require_sites(site_ids: npt.NDArray[np.object_], needed: int) -> None:
    """Refuse to choose anything on too few sites.

    Raises:
        TooFewRowsError: If fewer than `needed` distinct sites are measured.
    """
    sites = len(set(site_ids))
    if sites < needed:
        raise TooFewRowsError(
            f"{sites} measured sites are too few to train the champion on, {needed} or more are needed"
        )


def blend_weights(inside_pct: FloatArray, shares_pct: FloatArray, shrinkage: float) -> FloatArray:
    """Least-squares weights, none negative, summing to 1, pulled towards equal ones.

    Args:
        inside_pct: Predictions of each component for rows it did not see, shape (m, n, 15).
        shares_pct: What they should be, shape (n, 15), NaN where unknown.
        shrinkage: Weight of the pull; at 1 it curves the error as much as the data do.

    Returns:
        Weights, shape (m,).
    """
    known = np.isfinite(shares_pct)
    components = inside_pct[:, known].T
    count = components.shape[1]
    apart = components - components.mean(axis=1, keepdims=True)
    pull = np.sqrt(shrinkage * np.mean((apart**2).sum(axis=0)) + 1e-12)
    # A row that weighs more than all others holds the sum at 1; it is made exact below.
    hold = 1e3 * np.sqrt((components**2).sum() + 1.0)
    left = np.vstack([components, pull * np.eye(count), np.full((1, count), hold)])
    right = np.concatenate([shares_pct[known], np.full(count, pull / count), [hold]])
    weights = nnls(left, right)[0]
    summing_to_one: FloatArray = weights / weights.sum()
    return summing_to_one


def sibling_lift_pct(
    errors_pct: FloatArray,
    train_sites: npt.NDArray[np.object_],
    test_sites: npt.NDArray[np.object_],
    correlation: float,
) -> FloatArray:
    """Move rows by the shrunken mean error of the measured projects of their site.

    With n siblings whose errors correlate by r, the best linear guess of a row's own error is
    n r / (1 + (n - 1) r) times their mean (Searle, Casella and McCulloch, Variance Components,
    1992, section 3.3).

    Args:
        errors_pct: Observed minus predicted of training rows, from models that saw nothing of
            their sites, shape (n, 15), NaN where unknown.
        train_sites: Sites of the training rows, shape (n,).
        test_sites: Sites of the rows to be moved, shape (q,).
        correlation: r; 0 moves nothing.

    Returns:
        What to add, shape (q, 15), 0 for rows without measured siblings.
    """
    lift = np.zeros((len(test_sites), errors_pct.shape[1]))
    for site in set(train_sites) & set(test_sites):
        siblings = errors_pct[train_sites == site]
        known = np.isfinite(siblings).sum(axis=0)
        share = known * correlation / (1.0 + np.maximum(known - 1, 0) * correlation)
        lift[test_sites == site] = share * np.nansum(siblings, axis=0) / np.maximum(known, 1)
    return lift
