"""Models that predict folds: the one interface behind the league, the champion and `ree predict`.

A learner is handed a table and many folds at once, so that a model that can train them side by side
does. What is asked twice is computed once (`Bench`).
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import threading
import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import nnls
from sklearn import config_context
from sklearn.base import BaseEstimator
from threadpoolctl import ThreadpoolController

from ml.dataset import Dataset
from ml.folds import Fold, grouped_folds
from ml.models.features import ProjectFeatures
from ml.models.networks import GridPoint, Task, predict_tasks
from ml.oxides import LEAST_PCT, OXIDES, FloatArray, close
from ml.settings import Settings
from ml.sight import SIGHTS, Clues, Sight, SightArray


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

    def predict_inside(
        self, bench: Bench, train: npt.NDArray[np.intp], rows: npt.NDArray[np.intp]
    ) -> FloatArray:
        """Predict some training rows by inner folds: what a blend may choose by.

        Args:
            bench: As in `predict_folds`.
            train: Training positions, which the inner folds are made of.
            rows: Those asked for, shape (q,), ascending.

        Returns:
            Shares in per cent, shape (q, 15).
        """
        asked = [(inner, test[np.isin(test, rows)]) for inner, test in bench.inner_folds(train)]
        asked = [fold for fold in asked if len(fold[1])]
        predicted = np.empty((len(rows), len(OXIDES)))
        for (_, test), shares in zip(asked, bench.predict_with(self, asked), strict=True):
            predicted[np.searchsorted(rows, test)] = shares
        return predicted

    def prepare(self, bench: Bench, trains: Iterable[npt.NDArray[np.intp]]) -> None:  # noqa: B027 - optional
        """Do at once for many training sets what `predict_inside` would do one by one."""


class Bench:
    """The table all learners work on, and what they computed on it so far.

    What is asked again is not computed again, and what another thread is computing is waited for. A learner
    waits for those it is made of alone, so that no two threads wait for each other.

    Args:
        table: Projects; folds are positions in it. Training positions must be ascending.
        settings: Seed and hyper-parameters.
    """

    def __init__(self, table: Dataset, settings: Settings) -> None:
        self.table = table
        self.settings = settings
        self._clues = Clues(table)
        self._kept: dict[tuple[object, ...], Future[Any]] = {}
        self._claiming = threading.Lock()

    def once(
        self, keys: Sequence[tuple[object, ...]], make: Callable[[list[int]], Sequence[Any]]
    ) -> list[Any]:
        """Give values by key, making those that nobody has asked for.

        Args:
            keys: What tells the values apart, a learner and training rows, say.
            make: Makes the values of some of the keys, given by their positions, together.

        Returns:
            One value per key.
        """
        fresh = []
        with self._claiming:
            for at, key in enumerate(keys):
                if key not in self._kept:
                    self._kept[key] = Future()
                    fresh.append(at)
        try:
            made = make(fresh) if fresh else ()
        except BaseException as error:
            for at in fresh:
                self._kept[keys[at]].set_exception(error)
            raise
        for at, value in zip(fresh, made, strict=True):
            self._kept[keys[at]].set_result(value)
        return [self._kept[key].result() for key in keys]

    def predict_with(self, learner: Learner, folds: Sequence[Fold]) -> list[FloatArray]:
        """Predict folds, computing only those not asked before; see `Learner.predict_folds`."""
        keys = [(learner, train.tobytes(), test.tobytes()) for train, test in folds]
        return self.once(keys, lambda fresh: learner.predict_folds(self, [folds[at] for at in fresh]))

    @contextlib.contextmanager
    def ahead(self, asked: Iterable[tuple[Learner, Sequence[Fold]]]) -> Iterator[None]:
        """Predict in other threads what will be asked, in this order.

        Networks are trained outside Python, beside which the other models are fitted. What is predicted
        depends on the training rows alone, so not on which thread comes first.
        """
        with ThreadPoolExecutor(self.settings.threads) as pool:
            for learner, folds in asked:
                pool.submit(self.predict_with, learner, folds)
            try:
                yield
            finally:
                pool.shutdown(cancel_futures=True)

    def inner_folds(self, train: npt.NDArray[np.intp]) -> list[Fold]:
        """Split training rows by site once more, as positions in the table."""

        def split(_: list[int]) -> list[list[Fold]]:
            sites, settings = self.table.site_ids[train], self.settings
            drawn = grouped_folds(sites, settings.inner_folds, 1, settings.seed)[0]
            return [[(train[inner], train[left_out]) for inner, left_out in drawn]]

        folds: list[Fold] = self.once([("inner folds", train.tobytes())], split)[0]
        return folds

    def sights(self, fold: Fold) -> SightArray:
        """Tell what is known of the test rows of a fold, see `ml.sight.Clues.sights`."""
        train, test = fold
        return self._clues.sights(test, train)

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
        # Arguments are the league's own and inputs finite: checking them takes longer than some fits.
        # Tables are small: a second thread of BLAS or OpenMP would only make the others wait.
        quick = config_context(skip_parameter_validation=True, assume_finite=True)
        with quick, _thread_pools().limit(limits=1):
            return [self._predict(bench, train, test) for train, test in folds]

    def _predict(self, bench: Bench, train: npt.NDArray[np.intp], test: npt.NDArray[np.intp]) -> FloatArray:
        features, shares = bench.table.features, bench.table.shares
        seed = int(np.random.SeedSequence(bench.seed(train)).generate_state(1)[0])
        fitted = self.build(seed).fit(features.iloc[train], shares[train])
        predicted: FloatArray = fitted.predict(features.iloc[test])
        return predicted


@dataclass(frozen=True)
class Choice:
    """Grid points kept for a training set, and what they predict inside it."""

    points: tuple[GridPoint, ...]
    inside_pct: FloatArray


class GridSearch:
    """Chooses grid points inside training sets, by inner folds, with amounts in sight.

    Args:
        host: `Sight.HOST` if the networks see host minerals, else `Sight.NOTHING`.
    """

    def __init__(self, host: Sight) -> None:
        self.sight = host | Sight.AMOUNTS

    def __call__(self, bench: Bench, train: npt.NDArray[np.intp]) -> Choice:
        """Give what was chosen for a training set."""
        return self.choose(bench, [train])[0]

    def choose(self, bench: Bench, trains: Sequence[npt.NDArray[np.intp]]) -> list[Choice]:
        """Choose for training sets; those that were not searched yet side by side."""
        keys = [(self, train.tobytes()) for train in trains]
        return bench.once(keys, lambda fresh: self._searched(bench, [trains[at] for at in fresh]))

    def _searched(self, bench: Bench, trains: Sequence[npt.NDArray[np.intp]]) -> list[Choice]:
        grid, settings = grid_points(bench.settings), bench.settings
        tasks: list[Task] = []
        for train in trains:
            for fold in bench.inner_folds(train):
                tasks += network_tasks(bench, fold, grid, settings.grid_bags, self.sight)
        outputs = iter(predict_tasks(tasks, settings.threads))
        choices = []
        for train in trains:
            inside = np.empty((len(grid), len(train), len(OXIDES)))
            for _, test in bench.inner_folds(train):
                for point in range(len(grid)):
                    inside[point, np.searchsorted(train, test)] = next(outputs)
            choices.append(_choose(grid, inside, bench.table.shares[train], settings.grid_kept))
        return choices


class NetworkLearner(Learner):
    """The network ensemble: grid search by inner folds, then an average of the best grid points.

    All folds, grid points and bags of a call are trained side by side.

    Args:
        sight: What the networks see of a row.
        search: Chooses their grid points. Networks that see no amounts take what was chosen for those that
            do: few measured rows lack amounts, too few to choose by.
    """

    def __init__(self, sight: Sight, search: GridSearch) -> None:
        self.sight = sight
        self.search = search

    def predict_folds(self, bench: Bench, folds: Sequence[Fold]) -> list[FloatArray]:
        """Choose inside each training set, then train what was chosen on all of it."""
        chosen = [choice.points for choice in self.search.choose(bench, [train for train, _ in folds])]
        tasks: list[Task] = []
        for fold, points in zip(folds, chosen, strict=True):
            bags = max(1, bench.settings.members // len(points))
            tasks += network_tasks(bench, fold, points, bags, self.sight)
        outputs = iter(predict_tasks(tasks, bench.settings.threads))
        return [close(np.mean([next(outputs) for _ in points], axis=0)) for points in chosen]

    def predict_inside(
        self, bench: Bench, train: npt.NDArray[np.intp], rows: npt.NDArray[np.intp]
    ) -> FloatArray:
        """Give the inner predictions of the chosen grid points, shape (q, 15), per cent."""
        inside: FloatArray = self.search(bench, train).inside_pct[np.searchsorted(train, rows)]
        return inside

    def prepare(self, bench: Bench, trains: Iterable[npt.NDArray[np.intp]]) -> None:
        """Search the grid inside each training set that was not searched yet."""
        self.search.choose(bench, list(trains))


def network_tasks(
    bench: Bench, fold: Fold, points: Sequence[GridPoint], bags: int, sight: Sight
) -> list[Task]:
    """List one ensemble of `bags` networks for each grid point."""
    table, (train, test) = bench.table, fold
    features = ProjectFeatures(
        Sight.AMOUNTS in sight, Sight.HOST in sight, bench.settings.amount_shrinkage_rows
    ).fit(table.features.iloc[train])
    inputs = features.transform(table.features.iloc[train])
    queries = features.transform(table.features.iloc[test])
    grid = grid_points(bench.settings)
    return [
        Task(
            inputs,
            table.shares[train],
            table.site_ids[train],
            queries,
            point,
            widest(grid, len(point.hidden_widths)),
            bags,
            (*bench.seed(train), number, int(Sight.AMOUNTS in sight)),
        )
        for number, point in enumerate(points)
    ]


@functools.cache
def _thread_pools() -> ThreadpoolController:
    """Find the libraries with threads of their own, once: looking takes longer than many a fit."""
    return ThreadpoolController()


@functools.cache
def grid_points(settings: Settings) -> tuple[GridPoint, ...]:
    """List every combination of the grid."""
    return tuple(
        GridPoint(widths, rate, decay, epochs)
        for widths, decay, (rate, epochs) in itertools.product(
            settings.grid_widths, settings.grid_weight_decays, settings.grid_steps
        )
    )


def widest(grid: Sequence[GridPoint], depth: int) -> tuple[int, ...]:
    """Give the most units of each hidden layer among grid points of one depth."""
    alike = [point.hidden_widths for point in grid if len(point.hidden_widths) == depth]
    return tuple(max(units) for units in zip(*alike, strict=True))


def _choose(grid: tuple[GridPoint, ...], inside: FloatArray, shares: FloatArray, kept: int) -> Choice:
    """Keep the grid points of the lowest inner error; `inside` is (points, rows, 15), not closed."""
    error = np.nanmean((inside - shares) ** 2, axis=(1, 2))
    best = np.sort(np.argsort(error, kind="stable")[:kept])
    return Choice(tuple(grid[point] for point in best), close(inside[best].mean(axis=0)))


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
        # Networks come first by name: another thread may be at them, so they are waited for last.
        for learner in reversed(self.components.values()):
            learner.prepare(bench, [train for train, _ in folds])
        outside = [bench.predict_with(learner, folds) for learner in self.components.values()]
        return [
            self._blended(bench, train, test, np.stack([made[number] for made in outside]))
            for number, (train, test) in enumerate(folds)
        ]

    def weights(self, bench: Bench, train: npt.NDArray[np.intp]) -> FloatArray:
        """Choose the weights of the components inside a training set, shape (components,)."""
        return self._weighed(bench, train)[0]

    def inside_pct(self, bench: Bench, train: npt.NDArray[np.intp]) -> FloatArray:
        """Blend the inner predictions of the training rows, shape (rows, 15), per cent."""
        return self._weighed(bench, train)[1]

    def _weighed(self, bench: Bench, train: npt.NDArray[np.intp]) -> tuple[FloatArray, FloatArray]:
        def weigh(_: list[int]) -> list[tuple[FloatArray, FloatArray]]:
            inside = np.stack([made.predict_inside(bench, train, train) for made in self.components.values()])
            weights = blend_weights(inside, bench.table.shares[train], bench.settings.blend_shrinkage)
            return [(weights, np.tensordot(weights, inside, axes=1))]

        weighed: tuple[FloatArray, FloatArray] = bench.once([(self, train.tobytes())], weigh)[0]
        return weighed

    def _blended(
        self, bench: Bench, train: npt.NDArray[np.intp], test: npt.NDArray[np.intp], outside: FloatArray
    ) -> FloatArray:
        weights = self.weights(bench, train)
        predicted = np.tensordot(weights, outside, axes=1)
        inside = self.inside_pct(bench, train)
        sites = bench.table.site_ids
        known = np.maximum(bench.table.shares[train], LEAST_PCT)
        lift = sibling_lift(
            np.log(known / np.maximum(inside, LEAST_PCT)),
            sites[train],
            sites[test],
            bench.settings.sibling_correlation,
        )
        return close(predicted * np.exp(lift))


class BySight(Learner):
    """Several learners of one kind, each for the rows of which as much is known as it uses.

    So a project of unknown mineralogy is predicted exactly as if nobody knew of minerals at all.

    Args:
        learners: A learner for each of `ml.sight.SIGHTS`; one may serve several.
    """

    def __init__(self, learners: Mapping[Sight, Learner]) -> None:
        self.learners = learners

    def uses(self, what: Sight) -> bool:
        """Whether rows of which `what` is known have learners of their own."""
        return any(self.learners[sight | what] is not self.learners[sight & ~what] for sight in SIGHTS)

    def predict_folds(self, bench: Bench, folds: Sequence[Fold]) -> list[FloatArray]:
        """Let each learner predict its rows."""
        predicted = [np.empty((len(test), len(OXIDES))) for _, test in folds]
        for learner, rows in self._by_learner([bench.sights(fold) for fold in folds]):
            own = [number for number, of_fold in enumerate(rows) if of_fold.any()]
            asked = [(folds[number][0], folds[number][1][rows[number]]) for number in own]
            for number, shares in zip(own, bench.predict_with(learner, asked), strict=True):
                predicted[number][rows[number]] = shares
        return predicted

    def predict_inside(
        self, bench: Bench, train: npt.NDArray[np.intp], rows: npt.NDArray[np.intp]
    ) -> FloatArray:
        """Let each learner predict its training rows by inner folds, shape (q, 15), per cent."""
        found = np.empty(len(rows), dtype=np.int8)
        for inner, test in bench.inner_folds(train):
            asked = test[np.isin(test, rows)]
            found[np.searchsorted(rows, asked)] = bench.sights((inner, asked))
        predicted = np.empty((len(rows), len(OXIDES)))
        for learner, (own,) in self._by_learner([found]):
            predicted[own] = learner.predict_inside(bench, train, rows[own])
        return predicted

    def prepare(self, bench: Bench, trains: Iterable[npt.NDArray[np.intp]]) -> None:
        """Prepare each learner, then let each predict its rows."""
        trains = list(trains)
        for learner in dict.fromkeys(self.learners.values()):
            learner.prepare(bench, trains)
        for train in trains:
            self.predict_inside(bench, train, train)

    def _by_learner(
        self, found: Sequence[SightArray]
    ) -> Iterator[tuple[Learner, list[npt.NDArray[np.bool_]]]]:
        """Give each learner with a mask of its rows in each fold."""
        for learner in dict.fromkeys(self.learners.values()):
            served = [sight for sight in SIGHTS if self.learners[sight] is learner]
            yield learner, [np.isin(of_fold, served) for of_fold in found]


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


def sibling_lift(
    errors: FloatArray,
    train_sites: npt.NDArray[np.object_],
    test_sites: npt.NDArray[np.object_],
    correlation: float,
) -> FloatArray:
    """Move rows by the shrunken mean log-ratio error of the measured projects of their site.

    On a log-ratio scale shares stay above zero, and small ones are moved as their neighbours are.

    With n siblings whose errors correlate by r, the best linear guess of a row's own error is
    n r / (1 + (n - 1) r) times their mean (Searle, Casella and McCulloch, Variance Components,
    1992, section 3.3).

    Args:
        errors: Logarithm of observed over predicted of training rows, from models that saw nothing of their
            sites, shape (n, 15), NaN where unknown.
        train_sites: Sites of the training rows, shape (n,).
        test_sites: Sites of the rows to be moved, shape (q,).
        correlation: r; 0 moves nothing.

    Returns:
        What to add to logarithms, shape (q, 15), 0 for rows without measured siblings.
    """
    lift = np.zeros((len(test_sites), errors.shape[1]))
    for site in set(train_sites) & set(test_sites):
        siblings = errors[train_sites == site]
        known = np.isfinite(siblings).sum(axis=0)
        share = known * correlation / (1.0 + np.maximum(known - 1, 0) * correlation)
        lift[test_sites == site] = share * np.nansum(siblings, axis=0) / np.maximum(known, 1)
    return lift
