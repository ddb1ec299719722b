"""The networks: repeatable, blind to unknown cells, bagged by group, each task on its own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ml.models.members import MemberWeights, train_members
from ml.models.networks import GridPoint, Task, bag_counts, predict_tasks

POINT = GridPoint((8, 4), learning_rate=0.01, weight_decay=0.0, epochs=40)


@pytest.fixture
def task() -> Task:
    """Nineteen rows of three features and fifteen targets, five networks."""
    generator = np.random.default_rng(1)
    inputs = generator.normal(size=(19, 3))
    targets = np.abs(inputs @ generator.normal(size=(3, 15)) + 5.0)
    return Task(inputs, targets, np.arange(19).astype(object), inputs, POINT, (8, 4), 5, (7,))


def predicted(*tasks: Task) -> list[np.ndarray]:
    return predict_tasks(tasks, threads=2)


def test_equal_seeds_give_equal_bits_and_other_seeds_other_networks(task: Task) -> None:
    first, second, other = predicted(task)[0], predicted(task)[0], predicted(replace(task, seed=(8,)))[0]
    assert first.shape == (19, 15)
    assert np.array_equal(first, second)
    assert not np.allclose(first, other)


def test_a_task_gives_the_same_bits_in_any_company(task: Task) -> None:
    """Else a result would depend on which thread asked first."""
    alone = predicted(task)[0]
    wider = replace(task, point=replace(POINT, hidden_widths=(16, 8)), frame=(16, 8), bags=200)
    longer = replace(
        task, inputs=np.tile(task.inputs, (3, 1)), targets=np.tile(task.targets, (3, 1)), groups=np.arange(57)
    )
    others = [wider, longer, *(replace(task, seed=(number,), bags=40) for number in range(20, 30))]
    assert np.array_equal(predicted(*others, task)[-1], alone)


def test_a_narrow_network_gives_the_same_in_a_wide_frame(task: Task) -> None:
    framed = replace(task, frame=(16, 8))
    np.testing.assert_allclose(predicted(framed)[0], predicted(task)[0], atol=1e-4)


def test_networks_of_a_task_differ(task: Task) -> None:
    one, many = predicted(replace(task, bags=1), task)
    assert np.abs(one - many).max() > 0.01


def test_training_lowers_the_error(task: Task) -> None:
    long = predicted(replace(task, point=replace(POINT, epochs=1500)))[0]
    assert np.mean((long - task.targets) ** 2) < 0.3 * task.targets.var(axis=0).mean()


def test_unknown_cells_carry_no_weight(task: Task) -> None:
    """A member trained on unknown cells set to anything is the same member."""
    cell_weights = np.ones((1, *task.targets.shape), dtype=np.float32)
    cell_weights[:, 4, 2] = 0.0
    generator = np.random.default_rng(0)
    start = MemberWeights(
        (generator.normal(size=(1, 3, 15)).astype(np.float32),),
        (np.zeros((1, 1, 15), dtype=np.float32),),
    )
    trained = []
    for filler in (0.0, 1000.0):
        filled = task.targets.copy()
        filled[4, 2] = filler
        trained.append(
            train_members(
                start,
                task.inputs[None].astype(np.float32),
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


def test_unknown_targets_leave_their_row_and_oxide_out(task: Task) -> None:
    targets = task.targets.copy()
    targets[::3, 4] = np.nan
    known = replace(task, targets=targets, point=replace(POINT, epochs=0))
    # Untrained networks still give the mean of the known cells, up to what they start with.
    shifted = targets.copy()
    shifted[:, 4] += 100.0
    gap = predicted(replace(known, targets=shifted))[0] - predicted(known)[0]
    np.testing.assert_allclose(gap[:, 4], 100.0, atol=1e-6)
    np.testing.assert_allclose(gap[:, :4], 0.0, atol=1e-6)
    assert np.isfinite(predicted(replace(known, point=POINT))[0]).all()


def test_adam_matches_a_plain_numpy_loop(task: Task) -> None:
    """One linear member against Adam with decoupled decay written out by hand."""
    inputs, targets = task.inputs.astype(np.float32), task.targets[:, :2].astype(np.float32)
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


def test_bags_take_groups_whole() -> None:
    groups = (np.arange(19) // 3).astype(object)
    counts = bag_counts(np.random.default_rng(0), 5, groups)
    assert counts.std() > 0.0
    for group in range(7):
        assert (counts[:, groups == group] == counts[:, groups == group][:, :1]).all()
