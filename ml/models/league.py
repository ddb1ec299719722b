"""Who plays in the league."""

from __future__ import annotations

import functools
from collections.abc import Callable

from sklearn.base import BaseEstimator
from sklearn.linear_model import Ridge
from sklearn.multioutput import MultiOutputRegressor
from sklearn.neighbors import KNeighborsRegressor
from sklearn.pipeline import make_pipeline

from ml.models.baselines import (
    FilledTargets,
    SharedProcess,
    ShrunkFamilyMean,
    ShrunkHostMean,
    TrainingMean,
)
from ml.models.features import ProjectFeatures
from ml.models.forests import SmallForest
from ml.models.learners import BlendLearner, BySight, EstimatorLearner, GridSearch, Learner, NetworkLearner
from ml.settings import CHAMPION, Settings
from ml.sight import SIGHTS, Sight

BySeen = dict[Sight, Learner]
"""For each sight the learner of a contender that uses what is known then, and nothing else."""


def league(settings: Settings) -> dict[str, Learner]:
    """List the contenders that need no more than features, by name, the champion last.

    A contender is up to four models, one for each `Sight`: nearly every measured project states its grade and
    most unmeasured ones do not, and many hosts are unknown. A model that goes by what a row lacks has little
    to say about it; one that never saw it has. The champion weighs its components twice, for rows of known
    and of unknown host.
    """
    contenders = _contenders(settings)
    blends = {host: _blend(contenders, settings.blended, host) for host in (Sight.NOTHING, Sight.HOST)}
    made: dict[str, Learner] = {name: BySight(by_seen) for name, by_seen in contenders.items()}
    made[CHAMPION] = BySight({sight: blends[sight & Sight.HOST] for sight in SIGHTS})
    return made


def _blend(contenders: dict[str, BySeen], blended: tuple[str, ...], host: Sight) -> BlendLearner:
    """Make a blend whose components all see hosts, or all do not."""
    components: dict[str, Learner] = {
        name: BySight({sight: contenders[name][sight & Sight.AMOUNTS | host] for sight in SIGHTS})
        for name in blended
    }
    return BlendLearner(components)


def _contenders(settings: Settings) -> dict[str, BySeen]:
    """Make all contenders but the champion."""
    pull, trees, leaf_rows = settings.shrinkage_rows, settings.trees, settings.tree_leaf_rows
    searches = {host: GridSearch(host) for host in (Sight.NOTHING, Sight.HOST)}
    on_matrix = functools.partial(_on_matrix, settings)

    def host_mean(sight: Sight, seed: int) -> BaseEstimator:
        return ShrunkHostMean(pull) if Sight.HOST in sight else ShrunkFamilyMean(pull)

    def process(sight: Sight, seed: int) -> BaseEstimator:
        return FilledTargets(SharedProcess(Sight.AMOUNTS in sight, Sight.HOST in sight, settings))

    return {
        "training_mean": _estimator(Sight.NOTHING, lambda sight, seed: TrainingMean()),
        "family_mean_shrunk": _estimator(Sight.NOTHING, lambda sight, seed: ShrunkFamilyMean(pull)),
        "host_mean_shrunk": _estimator(Sight.HOST, host_mean),
        "ridge": on_matrix(lambda seed: Ridge(alpha=settings.ridge_alpha)),
        "nearest_neighbours": on_matrix(lambda seed: KNeighborsRegressor(settings.neighbours)),
        "gaussian_process": _estimator(Sight.BOTH, process),
        # One model for rows with and without amounts: fifteen fits per fold are costly enough.
        "lightgbm": on_matrix(lambda seed: _lightgbm(settings, seed), always=Sight.AMOUNTS),
        "random_forest": on_matrix(lambda seed: SmallForest(trees, leaf_rows, True, seed)),
        "extra_trees": on_matrix(lambda seed: SmallForest(trees, leaf_rows, False, seed)),
        "mlp_ensemble": _by_seen(
            Sight.BOTH, lambda sight: NetworkLearner(sight, searches[sight & Sight.HOST])
        ),
    }


def _by_seen(used: Sight, build: Callable[[Sight], Learner]) -> BySeen:
    """Make one learner for each value that what is `used` leaves to tell apart."""
    made = {sight: build(sight) for sight in SIGHTS if sight in used}
    return {sight: made[sight & used] for sight in SIGHTS}


def _estimator(used: Sight, build: Callable[[Sight, int], BaseEstimator]) -> BySeen:
    """Make a contender of estimators on the features frame; `build` is given what is seen, and a seed."""
    return _by_seen(used, lambda sight: EstimatorLearner(functools.partial(build, sight)))


def _on_matrix(
    settings: Settings, build: Callable[[int], BaseEstimator], always: Sight = Sight.NOTHING
) -> BySeen:
    """Make a contender of estimators on the matrix of features; what it `always` sees is filled in."""

    def on_features(sight: Sight, seed: int) -> BaseEstimator:
        seen = sight | always
        features = ProjectFeatures(Sight.AMOUNTS in seen, Sight.HOST in seen, settings.amount_shrinkage_rows)
        return make_pipeline(features, FilledTargets(build(seed)))

    return _estimator(Sight.BOTH & ~always, on_features)


def _lightgbm(settings: Settings, seed: int) -> BaseEstimator:
    """Gradient-boosted trees, one model per oxide, kept small for some fifty rows."""
    from lightgbm import LGBMRegressor

    return MultiOutputRegressor(
        LGBMRegressor(
            n_estimators=settings.boosting_trees,
            learning_rate=settings.boosting_rate,
            num_leaves=settings.boosting_leaves,
            min_child_samples=settings.boosting_leaf_rows,
            reg_lambda=settings.boosting_penalty,
            random_state=seed,
            deterministic=True,
            force_row_wise=True,
            n_jobs=1,
            verbose=-1,
        )
    )
