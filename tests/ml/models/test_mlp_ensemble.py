"""The ensemble: repeatable, blind to unknown cells, bagged by group, a scikit-learn citizen."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.utils.estimator_checks import parametrize_with_checks

from ml.models.mlp_ensemble import BaggedMLPEnsemble, MemberWeights, train_members

SMALL = BaggedMLPEnsemble(members=5, hidden_widths=(8, 4), epochs=40, random_state=7)


@pytest.fixture
def rows() -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(1)
    inputs = generator.normal(size=(19, 3))
    return inputs, np.abs(inputs @ generator.normal(size=(3, 15)) + 5.0)


def test_equal_seeds_give_equal_bits(rows):
    first, second = clone(SMALL).fit(*rows), clone(SMALL).fit(*rows)
    assert np.array_equal(first.predict_members(rows[0]), second.predict_members(rows[0]))


def test_other_seed_gives_other_members(rows):
    first, other = clone(SMALL).fit(*rows), clone(SMALL).set_params(random_state=8).fit(*rows)
    assert not np.allclose(first.predict(rows[0]), other.predict(rows[0]))


def test_members_differ(rows):
    members = clone(SMALL).fit(*rows).predict_members(rows[0])
    assert members.shape == (5, 19, 15)
    assert members.std(axis=0).max() > 0.0


def test_predictions_close_to_total(rows):
    predicted = clone(SMALL).set_params(total=100.0).fit(*rows).predict(rows[0])
    assert predicted.min() >= 0.0
    np.testing.assert_allclose(predicted.sum(axis=1), 100.0, atol=1e-9)


def test_training_lowers_the_error(rows):
    inputs, targets = rows
    long = clone(SMALL).set_params(epochs=1500, learning_rate=0.01).fit(inputs, targets)
    assert np.mean((long.predict(inputs) - targets) ** 2) < 0.3 * targets.var(axis=0).mean()


def test_unknown_cells_carry_no_weight(rows):
    """A member trained on unknown cells set to anything is the same member."""
    inputs, targets = rows
    cell_weights = np.ones((1, *targets.shape), dtype=np.float32)
    cell_weights[:, 4, 2] = 0.0
    generator = np.random.default_rng(0)
    start = MemberWeights(
        (generator.normal(size=(1, 3, 15)).astype(np.float32),),
        (np.zeros((1, 1, 15), dtype=np.float32),),
    )
    trained = []
    for filler in (0.0, 1000.0):
        filled = targets.copy()
        filled[4, 2] = filler
        trained.append(
            train_members(
                start,
                inputs[None].astype(np.float32),
                filled[None].astype(np.float32),
                cell_weights,
                learning_rates=np.array([0.01], dtype=np.float32),
                weight_decays=np.array([0.0], dtype=np.float32),
                epochs=np.array([20], dtype=np.int32),
                threads=2,
            )
        )
    assert np.array_equal(trained[0].kernels[0], trained[1].kernels[0])
    assert not np.array_equal(trained[0].kernels[0], start.kernels[0])


def test_nan_targets_are_accepted(rows):
    inputs, targets = rows
    targets = targets.copy()
    targets[::3, 4] = np.nan
    fitted = clone(SMALL).fit(inputs, targets)
    assert np.isfinite(fitted.predict(inputs)).all()
    assert fitted.target_mean_[4] == pytest.approx(np.nanmean(targets[:, 4]))


def test_adam_matches_a_plain_numpy_loop(rows):
    """One linear member against Adam with decoupled decay written out by hand."""
    inputs, targets = rows[0].astype(np.float32), rows[1][:, :2].astype(np.float32)
    kernel = np.full((3, 2), 0.1, dtype=np.float32)
    trained = train_members(
        MemberWeights((kernel[None],), (np.zeros((1, 1, 2), dtype=np.float32),)),
        inputs[None],
        targets[None],
        np.ones((1, 19, 2), dtype=np.float32),
        learning_rates=np.array([0.05], dtype=np.float32),
        weight_decays=np.array([0.5], dtype=np.float32),
        epochs=np.array([25], dtype=np.int32),
        threads=2,
    )
    params, moments = [kernel.astype(float), np.zeros(2)], [[0.0, 0.0], [0.0, 0.0]]
    for step in range(1, 26):
        error = 2.0 * (inputs @ params[0] + params[1] - targets) / targets.size
        for index, gradient in enumerate((inputs.T @ error, error.sum(axis=0))):
            first, second = moments[index]
            first, second = 0.9 * first + 0.1 * gradient, 0.999 * second + 0.001 * gradient**2
            moments[index] = [first, second]
            rate = 0.05 * np.sqrt(1 - 0.999**step) / (1 - 0.9**step)
            decay = 1 - 0.05 * 0.5 if index == 0 else 1.0
            params[index] = params[index] * decay - rate * first / (np.sqrt(second) + 1e-7)
    np.testing.assert_allclose(trained.kernels[0][0], params[0], atol=1e-4)
    np.testing.assert_allclose(trained.biases[0][0, 0], params[1], atol=1e-4)


def test_bags_take_groups_whole(rows):
    groups = np.arange(19) // 3
    counts = clone(SMALL).fit(*rows, groups=groups).bag_counts_
    for group in range(7):
        assert (counts[:, groups == group] == counts[:, groups == group][:, :1]).all()


def test_one_dimensional_targets_and_pickle(rows):
    fitted = clone(SMALL).fit(rows[0], rows[1][:, 0])
    predicted = pickle.loads(pickle.dumps(fitted)).predict(rows[0])
    assert predicted.shape == (19,)
    assert np.array_equal(predicted, fitted.predict(rows[0]))


def test_refuses_what_it_cannot_learn_from(rows):
    with pytest.raises(ValueError, match="no target is known"):
        clone(SMALL).fit(rows[0], np.full((19, 2), np.nan))
    with pytest.raises(ValueError, match="members"):
        clone(SMALL).set_params(members=0).fit(*rows)


CHECKED = BaggedMLPEnsemble(members=2, hidden_widths=(8,), epochs=300, learning_rate=0.03, random_state=0)


@parametrize_with_checks([CHECKED])
def test_is_a_scikit_learn_estimator(estimator, check):
    check(estimator)
