"""Who plays in the league."""

from __future__ import annotations

from collections.abc import Callable

from sklearn.base import BaseEstimator, clone
from sklearn.ensemble import ExtraTreesRegressor, RandomForestRegressor
from sklearn.linear_model import Ridge
from sklearn.multioutput import MultiOutputRegressor
from sklearn.neighbors import KNeighborsRegressor
from sklearn.pipeline import make_pipeline

from ml.models.baselines import (
    ByAmounts,
    FilledTargets,
    SharedProcess,
    ShrunkFamilyMean,
    ShrunkHostMean,
    TrainingMean,
)
from ml.models.features import ProjectFeatures
from ml.models.learners import BlendLearner, ByMineralogy, EstimatorLearner, Learner, NetworkLearner
from ml.settings import BLENDED, CHAMPION, Settings

WITHOUT_MINERALS = ("training_mean", "family_mean_shrunk")
"""Contenders that have no use for host minerals: what the others have to beat."""


def league(settings: Settings) -> dict[str, Learner]:
    """List the contenders that need no more than features, by name, the champion last.

    Each but those of `WITHOUT_MINERALS` is two models: one that sees host minerals, for projects whose
    principal host is known, and one that never saw any, for the others.
    """
    informed, uninformed = _learners(settings, True), _learners(settings, False)
    for learners in (informed, uninformed):
        learners[CHAMPION] = BlendLearner({name: learners[name] for name in BLENDED})
    return {
        name: uninformed[name] if name in WITHOUT_MINERALS else ByMineralogy(informed[name], uninformed[name])
        for name in informed
    }


def _learners(settings: Settings, use_minerals: bool) -> dict[str, Learner]:
    """Make all contenders but the champion, with or without sight of host minerals."""
    pull = settings.shrinkage_rows
    forest = {"n_estimators": settings.trees, "min_samples_leaf": 2}

    def on_matrix(build: Callable[[int], BaseEstimator]) -> Learner:
        def model(seed: int) -> BaseEstimator:
            return ByAmounts(
                lambda use_amounts: make_pipeline(
                    ProjectFeatures(use_amounts, use_minerals), FilledTargets(build(seed))
                )
            )

        return EstimatorLearner(model)

    def process(seed: int) -> BaseEstimator:
        return ByAmounts(lambda use_amounts: FilledTargets(SharedProcess(use_amounts, use_minerals)))

    host_mean = ShrunkHostMean(pull) if use_minerals else ShrunkFamilyMean(pull)
    return {
        "training_mean": EstimatorLearner(lambda seed: TrainingMean()),
        "family_mean_shrunk": EstimatorLearner(lambda seed: ShrunkFamilyMean(pull)),
        "host_mean_shrunk": EstimatorLearner(lambda seed: clone(host_mean)),
        "ridge": on_matrix(lambda seed: Ridge(alpha=3.0)),
        "nearest_neighbours": on_matrix(lambda seed: KNeighborsRegressor(n_neighbors=10)),
        "gaussian_process": EstimatorLearner(process),
        "lightgbm": EstimatorLearner(
            lambda seed: make_pipeline(
                ProjectFeatures(use_minerals=use_minerals), FilledTargets(_lightgbm(seed))
            )
        ),
        "random_forest": on_matrix(lambda seed: RandomForestRegressor(**forest, random_state=seed)),
        "extra_trees": on_matrix(lambda seed: ExtraTreesRegressor(**forest, random_state=seed)),
        "mlp_ensemble": NetworkLearner(use_minerals),
    }


def _lightgbm(seed: int) -> BaseEstimator:
    """Gradient-boosted trees, one model per oxide, kept small for some fifty rows."""
    from lightgbm import LGBMRegressor

    return MultiOutputRegressor(
        LGBMRegressor(
            n_estimators=60,
            learning_rate=0.08,
            num_leaves=6,
            min_child_samples=4,
            reg_lambda=1.0,
            random_state=seed,
            deterministic=True,
            force_row_wise=True,
            n_jobs=1,
            verbose=-1,
        )
    )
