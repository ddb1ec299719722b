"""The evaluation every model is judged by: out of fold, by site, and at random for contrast."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.utils.validation import has_fit_parameter

from ml.baselines import ExtraTrees, ShrunkFamilyMean, TrainingMean
from ml.dataset import Dataset
from ml.features import ProjectFeatures
from ml.folds import Fold, grouped_folds, random_folds
from ml.intervals import half_widths_without_own_site_pct, interval_pct
from ml.metrics import coverage, mean_width, rmse, rmse_standard_error
from ml.mlp_ensemble import BaggedMLPEnsemble
from ml.oxides import HREE, OXIDES, TOTAL_PCT, FloatArray, group_sum_pct
from ml.settings import CHAMPION, Settings

INTERVAL_LEVELS: tuple[float, ...] = (0.8, 0.9)


@dataclass(frozen=True)
class Contender:
    """A model of the league: its name and how to build it, unfitted, from a seed.

    The estimator takes a features frame and shares (n, 15) with NaN where unknown, and predicts
    shares in per cent that sum to 100.
    """

    name: str
    build: Callable[[int], BaseEstimator]


@dataclass(frozen=True)
class Metric:
    """One measured number.

    Attributes:
        model_name: Contender.
        protocol: `grouped_cv` or `random_cv`.
        metric: What is measured, with its unit.
        target: `all` or an oxide.
        value: The number.
        standard_error: By bootstrap over sites, None where not estimated.
    """

    model_name: str
    protocol: str
    metric: str
    target: str
    value: float
    standard_error: float | None = None


@dataclass(frozen=True, eq=False)
class Evaluation:
    """What the league came to.

    Attributes:
        metrics: All numbers.
        champion_out_of_fold_pct: The champion's grouped out-of-fold predictions, mean over
            repeats, per cent, shape (n, 15), each row summing to 100.
    """

    metrics: tuple[Metric, ...]
    champion_out_of_fold_pct: FloatArray

    def value(self, model_name: str, protocol: str, metric: str, target: str = "all") -> Metric:
        """Find one number; raises KeyError if it was not measured."""
        for row in self.metrics:
            if (row.model_name, row.protocol, row.metric, row.target) == (
                model_name,
                protocol,
                metric,
                target,
            ):
                return row
        raise KeyError(f"{model_name} {protocol} {metric} {target}")


def league(settings: Settings) -> tuple[Contender, ...]:
    """List the contenders, the champion last."""
    return (
        Contender("training_mean", lambda seed: TrainingMean()),
        Contender("family_mean_shrunk", lambda seed: ShrunkFamilyMean(settings.shrinkage_rows)),
        Contender(
            "extra_trees",
            lambda seed: make_pipeline(
                ProjectFeatures(), ExtraTrees(trees=settings.trees, random_state=seed)
            ),
        ),
        Contender(CHAMPION, functools.partial(build_champion, settings)),
    )


def build_champion(settings: Settings, seed: int) -> Pipeline:
    """Build the network ensemble behind its features, unfitted."""
    ensemble = BaggedMLPEnsemble(
        members=settings.members,
        hidden_widths=settings.hidden_widths,
        learning_rate=settings.learning_rate,
        weight_decay=settings.weight_decay,
        epochs=settings.epochs,
        total=TOTAL_PCT,
        threads=settings.threads,
        random_state=seed,
    )
    return make_pipeline(ProjectFeatures(), ensemble)


def fit_on(estimator: BaseEstimator, dataset: Dataset) -> BaseEstimator:
    """Fit an estimator on a dataset, passing the sites to the estimators that resample them."""
    options = {}
    if isinstance(estimator, Pipeline):
        name, last = estimator.steps[-1]
        if has_fit_parameter(last, "groups"):
            options[f"{name}__groups"] = dataset.site_ids
    return estimator.fit(dataset.features, dataset.shares, **options)


def out_of_fold_pct(
    contender: Contender, measured: Dataset, repeats: list[list[Fold]], seed: int
) -> FloatArray:
    """Predict every row by models that never saw it.

    Args:
        contender: The model.
        measured: Rows with full compositions.
        repeats: Folds of each repeat.
        seed: Root of the models' seeds; each fold has its own.

    Returns:
        Shares in per cent, shape (repeats, n, 15).
    """
    predicted = np.full((len(repeats), len(measured), len(OXIDES)), np.nan)
    for repeat, folds in enumerate(repeats):
        for fold, (train, test) in enumerate(folds):
            model_seed = int(np.random.SeedSequence((seed, repeat, fold)).generate_state(1)[0])
            is_training = np.zeros(len(measured), dtype=bool)
            is_training[train] = True
            fitted = fit_on(contender.build(model_seed), measured.rows(is_training))
            predicted[repeat, test] = fitted.predict(measured.features.iloc[test])
    return predicted


def evaluate(
    measured: Dataset, settings: Settings, progress: Callable[[str], None] | None = None
) -> Evaluation:
    """Run the league under both protocols.

    Args:
        measured: Rows with full compositions.
        settings: Folds, repeats, seeds and hyper-parameters.
        progress: Told one line before each model and protocol.

    Returns:
        All metrics and the champion's out-of-fold predictions.
    """
    protocols = {
        "grouped_cv": grouped_folds(
            measured.site_ids, settings.folds, settings.grouped_repeats, settings.seed
        ),
        "random_cv": random_folds(len(measured), settings.folds, settings.random_repeats, settings.seed),
    }
    metrics: list[Metric] = []
    champion = np.empty(0)
    for protocol, repeats in protocols.items():
        for contender in league(settings):
            if progress is not None:
                progress(f"evaluating {contender.name}, {protocol}, {len(repeats)} repeats")
            predicted = out_of_fold_pct(contender, measured, repeats, settings.seed)
            metrics += _error_metrics(contender.name, protocol, measured, predicted, settings)
            if protocol == "grouped_cv" and contender.name == CHAMPION:
                champion = predicted.mean(axis=0)
                metrics += _interval_metrics(contender.name, protocol, measured, champion)
    return Evaluation(tuple(metrics), champion)


def _error_metrics(
    name: str, protocol: str, measured: Dataset, predicted: FloatArray, settings: Settings
) -> Iterable[Metric]:
    """RMSE over all cells and per oxide, over all stored cells, and of the HREE sum."""
    errors = np.moveaxis(predicted - measured.shares, 0, 1)  # (n, repeats, 15)
    stored = np.moveaxis(predicted - measured.stored_shares, 0, 1)
    hree = (
        group_sum_pct(predicted, HREE) - group_sum_pct(measured.stored_shares, HREE)
    ).T  # suspect zeros count as stored: that is how the HREE percentage is published
    named = [("rmse_pct", "all", errors), ("rmse_stored_pct", "all", stored)]
    named += [("hree_rmse_pct", "all", hree)]
    named += [("rmse_pct", oxide, errors[:, :, j]) for j, oxide in enumerate(OXIDES)]
    for metric, target, values in named:
        spread = rmse_standard_error(values, measured.site_ids, settings.bootstrap_draws, settings.seed)
        yield Metric(name, protocol, metric, target, rmse(values), spread)


def _interval_metrics(name: str, protocol: str, measured: Dataset, predicted: FloatArray) -> Iterable[Metric]:
    """Coverage (fraction) and mean width (per cent) at each level, all cells and per oxide."""
    residuals = measured.shares - predicted
    for level in INTERVAL_LEVELS:
        half_width = half_widths_without_own_site_pct(residuals, measured.site_ids, level)
        lower, upper = interval_pct(predicted, half_width)
        percent = round(level * 100)
        every = list(range(len(OXIDES)))
        targets = {"all": every} | {oxide: [j] for j, oxide in enumerate(OXIDES)}
        for target, chosen in targets.items():
            cells = (measured.shares[:, chosen], lower[:, chosen], upper[:, chosen])
            yield Metric(name, protocol, f"coverage_{percent}", target, coverage(*cells))
            yield Metric(name, protocol, f"mean_width_{percent}_pct", target, mean_width(*cells))
