"""Who plays in the league."""

from __future__ import annotations

from sklearn.base import BaseEstimator
from sklearn.ensemble import ExtraTreesRegressor, RandomForestRegressor
from sklearn.linear_model import Ridge
from sklearn.multioutput import MultiOutputRegressor
from sklearn.neighbors import KNeighborsRegressor
from sklearn.pipeline import make_pipeline

from ml.baselines import ByAmounts, FamilyProcess, FilledTargets, ShrunkFamilyMean, TrainingMean
from ml.features import ProjectFeatures
from ml.learners import BlendLearner, EstimatorLearner, Learner, NetworkLearner
from ml.settings import BLENDED, CHAMPION, Settings


def league(settings: Settings) -> dict[str, Learner]:
    """List the contenders that need no more than features, by name, the champion last."""
    trees = settings.trees
    contenders: dict[str, Learner] = {
        "training_mean": EstimatorLearner(lambda seed: TrainingMean()),
        "family_mean_shrunk": EstimatorLearner(lambda seed: ShrunkFamilyMean(settings.shrinkage_rows)),
        "ridge": EstimatorLearner(lambda seed: ByAmounts(FilledTargets(Ridge(alpha=3.0)))),
        "nearest_neighbours": EstimatorLearner(
            lambda seed: ByAmounts(FilledTargets(KNeighborsRegressor(n_neighbors=10)))
        ),
        "gaussian_process": EstimatorLearner(lambda seed: ByAmounts(FilledTargets(FamilyProcess()))),
        "lightgbm": EstimatorLearner(_lightgbm),
        "random_forest": EstimatorLearner(
            lambda seed: ByAmounts(
                FilledTargets(
                    RandomForestRegressor(n_estimators=trees, min_samples_leaf=2, random_state=seed)
                )
            )
        ),
        "extra_trees": EstimatorLearner(
            lambda seed: ByAmounts(
                FilledTargets(ExtraTreesRegressor(n_estimators=trees, min_samples_leaf=2, random_state=seed))
            )
        ),
        "mlp_ensemble": NetworkLearner(),
    }
    contenders[CHAMPION] = BlendLearner({name: contenders[name] for name in BLENDED})
    return contenders


def _lightgbm(seed: int) -> BaseEstimator:
    """Gradient-boosted trees, one model per oxide, kept small for some fifty rows."""
    from lightgbm import LGBMRegressor

    booster = LGBMRegressor(
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
    return make_pipeline(ProjectFeatures(), FilledTargets(MultiOutputRegressor(booster)))
