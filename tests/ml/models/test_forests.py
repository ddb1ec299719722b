"""The small forest grows the very trees of scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.ensemble import ExtraTreesRegressor, RandomForestRegressor

from ml.models.forests import SmallForest


@pytest.mark.parametrize(
    ("bootstrap", "forest"), [(False, ExtraTreesRegressor), (True, RandomForestRegressor)]
)
@pytest.mark.parametrize("seed", [0, 2**32 - 5])
def test_predicts_what_scikit_learn_predicts(bootstrap, forest, seed):
    generator = np.random.default_rng(0)
    inputs = np.c_[generator.integers(0, 2, (40, 6)), generator.normal(size=(40, 2))].astype(float)
    targets = generator.uniform(size=(40, 15))
    asked = inputs[:9] + 0.01
    theirs = forest(12, min_samples_leaf=2, random_state=seed).fit(inputs, targets).predict(asked)
    ours = SmallForest(12, 2, bootstrap, seed).fit(inputs, targets).predict(asked)
    assert np.array_equal(ours, theirs)
    other = SmallForest(12, 3, bootstrap, seed).fit(inputs, targets).predict(asked)
    assert not np.array_equal(other, theirs)
