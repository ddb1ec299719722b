"""The reference study's own experiments, as published, on its own splits.

Cyphers, Akhras and Riedman predicted the 15 shares from integer codes of location, continent and
deposit type. Their network is trained here by `ml.models.members.train_members`, all seeds at once:
the same layers, Glorot-uniform start, Adam, mean squared error and batches of 32 as Keras, which a
test holds it to.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.dummy import DummyClassifier
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from ml.folds import Fold, grouped_folds, random_folds
from ml.judging.metrics import Metric, rmse
from ml.models.learners import Bench, Learner
from ml.models.members import Float32Array, MemberWeights, train_members
from ml.oxides import OXIDES, FloatArray, close, known_mean
from ml.settings import Settings

CODED = ("location", "continent", "deposit_type")
"""What the study predicts from, each replaced by its alphabetical rank."""

WIDTHS = (64, 32)
BATCH_ROWS = 32


def reference_codes(printed: pd.DataFrame) -> FloatArray:
    """Replace location, continent and deposit type by alphabetical integer codes.

    Args:
        printed: What the study was made on, all rows, text columns `CODED`.

    Returns:
        Codes, shape (n, 3), float64.
    """
    texts = printed[list(CODED)].fillna("").astype(str)
    return np.column_stack([np.unique(texts[c], return_inverse=True)[1] for c in CODED]).astype(np.float64)


def status_pieces(status: str | None) -> int:
    """How often the study's table holds a project: the pieces of its status up to the first bracket."""
    return max(1, len((status or "").split("(")[0].split(",")))


class ReferenceNetwork(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """The study's network: 64 and 32 ReLU units, Adam at 0.001, batches of 32, last fifth held out.

    Args:
        epochs: Passes over the rows.
        seeds: Networks trained independently; `predict` averages them.
        validation_share: Rows at the end that are held out and never used, as in the study.
        random_state: Root of starts and batches.

    Attributes:
        weights_: The trained networks.
    """

    def __init__(
        self, epochs: int = 160, seeds: int = 1, validation_share: float = 0.2, random_state: int = 0
    ) -> None:
        self.epochs = epochs
        self.seeds = seeds
        self.validation_share = validation_share
        self.random_state = random_state

    def fit(self, X: FloatArray, y: FloatArray) -> Self:
        """Train on `X`, shape (n, features), and `y`, shape (n, outputs), NaN where unknown."""
        generator = np.random.default_rng(self.random_state)
        # Keras takes the last rows for validation before it shuffles.
        rows = int(len(X) * (1.0 - self.validation_share))
        known = np.isfinite(y[:rows])
        start = glorot_start(generator, self.seeds, (X.shape[1], *WIDTHS, y.shape[1]))
        batches = shuffled_batches(generator, self.seeds, rows, self.epochs)
        per_member = np.ones(self.seeds, dtype=np.float32)
        self.weights_ = train_members(
            start,
            X[None, :rows].astype(np.float32),
            np.nan_to_num(y[None, :rows]).astype(np.float32),
            np.repeat(known[None].astype(np.float32), self.seeds, axis=0),
            learning_rates=per_member * np.float32(0.001),
            weight_decays=per_member * np.float32(0.0),
            epochs=np.full(self.seeds, len(batches), dtype=np.int32),
            threads=2,
            batches=batches,
        )
        return self

    def predict_members(self, X: FloatArray) -> FloatArray:
        """Predict with each network, shape (seeds, n, outputs)."""
        return self.weights_.outputs(X.astype(np.float32)).astype(np.float64)

    def predict(self, X: FloatArray) -> FloatArray:
        """Average the networks, shape (n, outputs)."""
        mean: FloatArray = self.predict_members(X).mean(axis=0)
        return mean


def glorot_start(generator: np.random.Generator, members: int, widths: tuple[int, ...]) -> MemberWeights:
    """Draw kernels as Keras does by default (Glorot and Bengio, 2010), biases zero."""
    kernels, biases = [], []
    for inputs, units in itertools.pairwise(widths):
        limit = np.sqrt(6.0 / (inputs + units))
        kernels.append(generator.uniform(-limit, limit, (members, inputs, units)).astype(np.float32))
        biases.append(np.zeros((members, 1, units), dtype=np.float32))
    return MemberWeights(tuple(kernels), tuple(biases))


def shuffled_batches(generator: np.random.Generator, members: int, rows: int, epochs: int) -> Float32Array:
    """Deal the rows to new batches of 32 in each epoch, shape (steps, members, rows), 0 or 1."""
    per_epoch = -(-rows // BATCH_ROWS)
    masks = np.zeros((epochs, per_epoch, members, rows), dtype=np.float32)
    place = np.argsort(generator.random((epochs, members, rows)), axis=2) // BATCH_ROWS
    for batch in range(per_epoch):
        masks[:, batch] = place == batch
    return masks.reshape(epochs * per_epoch, members, rows)


class ReferenceLearner(Learner):
    """The study's network among the league: its inputs, its scaling, everyone's folds."""

    def predict_folds(self, bench: Bench, folds: Sequence[Fold]) -> list[FloatArray]:
        """Fit and predict each fold; shares are closed, which flatters the network a little."""
        codes = bench.table.reference_codes
        if codes is None:
            raise ValueError("the reference network needs the reference study's codes")
        return [self._predict(bench, codes, train, test) for train, test in folds]

    def _predict(
        self, bench: Bench, codes: FloatArray, train: npt.NDArray[np.intp], test: npt.NDArray[np.intp]
    ) -> FloatArray:
        scaler = StandardScaler().fit(codes[train])
        low, span = _range(bench.table.shares[train])
        network = ReferenceNetwork(random_state=bench.seed(train)[1])
        network.fit(scaler.transform(codes[train]), (bench.table.shares[train] - low) / span)
        return close(network.predict(scaler.transform(codes[test])) * span + low)


def _range(shares: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Minimum and range of each oxide over known cells, shape (15,), range 1 where constant."""
    low = np.nanmin(shares, axis=0)
    span = np.nanmax(shares, axis=0) - low
    return low, np.where(span > 0.0, span, 1.0)


@dataclass(frozen=True, eq=False)
class ReferenceSplit:
    """Rows of the composition experiment, cut into training and test as the study cut them.

    Attributes:
        protocol: `reference_split` with projects repeated per status, `reference_split_clean` without.
        inputs: Standardised codes, shape (n, 3).
        shares_pct: Shares, shape (n, 15).
        low: Minimum of each oxide over training rows, shape (15,).
        span: Its range there, shape (15,).
        train: Training rows.
        test: Test rows.
    """

    protocol: str
    inputs: FloatArray
    shares_pct: FloatArray
    low: FloatArray
    span: FloatArray
    train: npt.NDArray[np.intp]
    test: npt.NDArray[np.intp]

    @property
    def scaled(self) -> FloatArray:
        """Shares scaled to 0..1 on the training rows."""
        scaled: FloatArray = (self.shares_pct - self.low) / self.span
        return scaled


def reference_splits(printed: pd.DataFrame) -> Iterator[ReferenceSplit]:
    """Cut the rows as the study did: its split, then one without repeated projects.

    Args:
        printed: `CODED`, `status` and the oxides as numbers, NaN where missing; all rows, in
            the order of the table.

    Yields:
        The two splits.
    """
    shares = printed[list(OXIDES)].to_numpy(dtype=np.float64)
    codes = reference_codes(printed)
    pieces = [status_pieces(status) for status in printed["status"]]
    full = np.isfinite(shares).all(axis=1)
    repeated = np.repeat(np.arange(len(printed)), pieces)
    for protocol, rows in {
        "reference_split": repeated[full[repeated]],
        "reference_split_clean": np.flatnonzero(full),
    }.items():
        inputs = StandardScaler().fit_transform(codes[rows])
        train, test = train_test_split(np.arange(len(rows)), test_size=0.2, random_state=42)
        low, span = _range(shares[rows][train])
        yield ReferenceSplit(protocol, inputs, shares[rows], low, span, train, test)


def split_metrics(printed: pd.DataFrame, settings: Settings) -> Iterator[Metric]:
    """Repeat the composition experiment on both splits.

    Args:
        printed: As in `reference_splits`.
        settings: Seed, and how many seeds the network is trained from.

    Yields:
        RMSE of network and training mean, scaled and in per cent, over all cells and per oxide;
        the spread is the standard deviation over seeds.
    """
    for split in reference_splits(printed):
        scaled, train, test = split.scaled, split.train, split.test
        network = ReferenceNetwork(
            epochs=190, seeds=settings.reference_seeds, random_state=settings.seed
        ).fit(split.inputs[train], scaled[train])
        mean = np.tile(known_mean(scaled[train]), (1, len(test), 1))
        named = {"reference_network": network.predict_members(split.inputs[test]), "training_mean": mean}
        for name, predicted in named.items():
            yield from spread_over_seeds(name, split.protocol, predicted - scaled[test], split.span)


def spread_over_seeds(name: str, protocol: str, errors: FloatArray, span: FloatArray) -> Iterator[Metric]:
    """RMSE of scaled errors, shape (seeds, rows, 15): mean and standard deviation over seeds."""
    for metric, values in {"scaled_rmse": errors, "rmse_pct": errors * span}.items():
        targets = {"all": slice(None)} | {oxide: slice(j, j + 1) for j, oxide in enumerate(OXIDES)}
        for target, chosen in targets.items():
            found = np.array([rmse(of_seed[:, chosen]) for of_seed in values])
            spread = float(found.std(ddof=1)) if len(found) > 1 else None
            yield Metric(
                name, protocol, metric, target, float(found.mean()), spread, projects=values.shape[1]
            )


def continent_metrics(
    printed: pd.DataFrame, site_ids: npt.NDArray[np.object_], settings: Settings
) -> Iterator[Metric]:
    """Repeat the study's two earlier iterations: the continent from the shares, and from HREE and type.

    Args:
        printed: As in `split_metrics`, with `hree_pct` as a number.
        site_ids: Site of each row.
        settings: Folds and seed.

    Yields:
        Accuracy of the network, of the majority class and of a uniform guess, under random and
        grouped cross-validation.
    """
    shares = printed[list(OXIDES)].to_numpy(dtype=np.float64)
    codes = reference_codes(printed)
    hree = printed["hree_pct"].to_numpy(dtype=np.float64)
    cases = {
        "accuracy_continent_from_shares": shares,
        "accuracy_continent_from_hree_and_type": np.column_stack([hree, codes[:, 2]]),
    }
    for metric, inputs in cases.items():
        rows = np.flatnonzero(np.isfinite(inputs).all(axis=1))
        folds = {
            "random_cv": random_folds(len(rows), settings.folds, settings.random_repeats, settings.seed),
            "grouped_cv": grouped_folds(
                site_ids[rows], settings.folds, settings.random_repeats, settings.seed
            ),
        }
        for protocol, repeats in folds.items():
            for name, build in _classifiers(settings.seed).items():
                scores = _accuracies(build, inputs[rows], codes[rows, 1], repeats)
                spread = float(scores.std(ddof=1)) if len(scores) > 1 else None
                yield Metric(name, protocol, metric, "all", float(scores.mean()), spread, projects=len(rows))


def _classifiers(seed: int) -> dict[str, Callable[[], BaseEstimator]]:
    return {
        "reference_network": lambda: make_pipeline(
            StandardScaler(),
            MLPClassifier(hidden_layer_sizes=WIDTHS, batch_size=BATCH_ROWS, max_iter=60, random_state=seed),
        ),
        "majority_class": lambda: DummyClassifier(strategy="most_frequent"),
        "uniform_guess": lambda: DummyClassifier(strategy="uniform", random_state=seed),
    }


def _accuracies(
    build: Callable[[], BaseEstimator], inputs: FloatArray, labels: FloatArray, repeats: list[list[Fold]]
) -> FloatArray:
    """Share of rows classified rightly out of fold, one number per repeat."""
    import warnings

    scores = []
    for folds in repeats:
        right = 0
        for train, test in folds:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # the study stops at a number of epochs, not at a minimum
                fitted = build().fit(inputs[train], labels[train])
            right += int((fitted.predict(inputs[test]) == labels[test]).sum())
        scores.append(right / len(inputs))
    return np.array(scores)
