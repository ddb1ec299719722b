"""Many bagged network ensembles at once: folds, grid points and bags on one member axis.

A task is one ensemble: training rows, a grid point, bags. The members of all tasks are trained side
by side in chunks of one shape, so that the compiled program of `ml.models.mlp_ensemble.train_members` is
compiled once per depth however many folds and grid points there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.models.mlp_ensemble import (
    Float32Array,
    MemberWeights,
    bag_counts,
    initial_weights,
    known_mean_and_scale,
    train_members,
)
from ml.oxides import FloatArray

CHUNK_MEMBERS = 160
"""Members trained in one call: larger gains nothing on two cores, smaller wastes start-up."""

SLAB_MEMBERS = 1600
"""Members prepared at once, so that a hundred folds times the grid do not fill the memory."""

QUERY_ROWS = 2000
"""Rows predicted in one go, so that ten thousand sites do not fill the memory."""


@dataclass(frozen=True)
class GridPoint:
    """Hyper-parameters of one network.

    Attributes:
        hidden_widths: Units of each hidden layer.
        learning_rate: Step size of Adam.
        weight_decay: Decoupled decay.
        epochs: Full-batch Adam steps.
    """

    hidden_widths: tuple[int, ...]
    learning_rate: float
    weight_decay: float
    epochs: int


@dataclass(frozen=True, eq=False)
class Task:
    """One bagged ensemble to train and what to ask it.

    Attributes:
        inputs: Training inputs, shape (n, features).
        targets: Training targets, shape (n, outputs), NaN where unknown.
        groups: Group of each training row, resampled as a whole, shape (n,).
        queries: Inputs to predict for, shape (q, features).
        point: Hyper-parameters.
        bags: Number of networks.
        seed: Root of resamples and initial weights.
    """

    inputs: FloatArray
    targets: FloatArray
    groups: npt.NDArray[np.object_]
    queries: FloatArray
    point: GridPoint
    bags: int
    seed: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class _Bags:
    """A task prepared: its members' rows, standardised, with their weights, and where they start."""

    task: Task
    mean: FloatArray
    scale: FloatArray
    inputs: Float32Array  # (bags, kept rows, features)
    targets: Float32Array
    weights: Float32Array
    start: MemberWeights


def predict_tasks(tasks: Sequence[Task], threads: int) -> list[FloatArray]:
    """Train all tasks and predict with each the mean of its bags.

    Args:
        tasks: What to train; all must have the same number of outputs.
        threads: Threads of TensorFlow.

    Returns:
        For each task its predictions in the unit of its targets, shape (q, outputs), not closed.
    """
    results: dict[int, FloatArray] = {}
    for depth in sorted({len(task.point.hidden_widths) for task in tasks}):
        chosen = [i for i, task in enumerate(tasks) if len(task.point.hidden_widths) == depth]
        for slab in _slabs(chosen, tasks):
            prepared = [_prepare(tasks[i]) for i in slab]
            for i, bags, members in zip(slab, prepared, _train(prepared, threads), strict=True):
                results[i] = _predict(bags, members)
    return [results[i] for i in range(len(tasks))]


def _slabs(chosen: list[int], tasks: Sequence[Task]) -> Iterator[list[int]]:
    """Cut the tasks into runs of at most `SLAB_MEMBERS` members, or of one task."""
    slab: list[int] = []
    members = 0
    for i in chosen:
        if slab and members + tasks[i].bags > SLAB_MEMBERS:
            yield slab
            slab, members = [], 0
        slab.append(i)
        members += tasks[i].bags
    if slab:
        yield slab


def _prepare(task: Task) -> _Bags:
    generator = np.random.default_rng(task.seed)
    known = np.isfinite(task.targets)
    mean, scale = known_mean_and_scale(task.targets)
    standardised = np.where(known, (task.targets - mean) / scale, 0.0)
    counts = bag_counts(generator, task.bags, len(task.inputs), task.groups)
    widths = (task.inputs.shape[1], *task.point.hidden_widths, task.targets.shape[1])
    start = initial_weights(generator, task.bags, widths)
    # Only rows in the bag cost time; rows that no longer fit are none, as the widest bag decides.
    in_bag = counts > 0
    kept = np.argsort(~in_bag, axis=1, kind="stable")[:, : in_bag.sum(axis=1).max()]
    weights = np.take_along_axis(counts, kept, axis=1)[:, :, None] * known[kept]
    return _Bags(
        task,
        mean,
        scale,
        task.inputs.astype(np.float32)[kept],
        standardised.astype(np.float32)[kept],
        weights.astype(np.float32),
        start,
    )


def _train(bags: list[_Bags], threads: int) -> list[MemberWeights]:
    """Train tasks of one depth in equal chunks; return each task's members, unpadded."""
    rows = max(item.inputs.shape[1] for item in bags)
    shapes = [kernel.shape[1:] for kernel in bags[0].start.kernels]
    for item in bags[1:]:
        pairs = zip(shapes, item.start.kernels, strict=True)
        shapes = [(max(a, k.shape[1]), max(b, k.shape[2])) for (a, b), k in pairs]
    inputs = np.concatenate([_grown(item.inputs, (rows, shapes[0][0])) for item in bags])
    targets = np.concatenate([_grown(item.targets, (rows, item.targets.shape[2])) for item in bags])
    weights = np.concatenate([_grown(item.weights, (rows, item.weights.shape[2])) for item in bags])
    # A narrower network is a wide one whose surplus units start, and therefore stay, at zero.
    kernels = [
        np.concatenate([_grown(item.start.kernels[layer], shape) for item in bags])
        for layer, shape in enumerate(shapes)
    ]
    biases = [np.zeros((len(inputs), 1, shape[1]), np.float32) for shape in shapes]
    counts = [item.task.bags for item in bags]
    settings = {
        "learning_rates": _per_member([item.task.point.learning_rate for item in bags], counts),
        "weight_decays": _per_member([item.task.point.weight_decay for item in bags], counts),
    }
    epochs = np.repeat([item.task.point.epochs for item in bags], counts).astype(np.int32)
    pieces = []
    for first in range(0, len(inputs), CHUNK_MEMBERS):
        # The last chunk is filled up with members trained twice: one shape, one compilation.
        chosen = np.minimum(np.arange(first, first + CHUNK_MEMBERS), len(inputs) - 1)
        pieces.append(
            train_members(
                MemberWeights(tuple(k[chosen] for k in kernels), tuple(b[chosen] for b in biases)),
                inputs[chosen],
                targets[chosen],
                weights[chosen],
                epochs=epochs[chosen],
                threads=threads,
                **{name: values[chosen] for name, values in settings.items()},
            )
        )
    ends = np.cumsum(counts)
    joined = MemberWeights(
        tuple(np.concatenate(parts) for parts in zip(*(p.kernels for p in pieces), strict=True)),
        tuple(np.concatenate(parts) for parts in zip(*(p.biases for p in pieces), strict=True)),
    )
    return [joined.members(end - count, end) for end, count in zip(ends, counts, strict=True)]


def _predict(bags: _Bags, members: MemberWeights) -> FloatArray:
    features = members.kernels[0].shape[1]
    queries = _grown(bags.task.queries.astype(np.float32), (features,))
    parts = [
        members.outputs(queries[first : first + QUERY_ROWS]).mean(axis=0, dtype=np.float64)
        for first in range(0, max(len(queries), 1), QUERY_ROWS)
    ]
    predicted: FloatArray = np.concatenate(parts) * bags.scale + bags.mean
    return predicted


def _per_member(values: list[float], counts: list[int]) -> Float32Array:
    return np.repeat(np.array(values, dtype=np.float32), counts)


def _grown(values: Float32Array, shape: tuple[int, ...]) -> Float32Array:
    """Pad the trailing axes with zeros up to `shape`."""
    leading = values.ndim - len(shape)
    gaps = [(0, size - old) for size, old in zip(shape, values.shape[leading:], strict=True)]
    return np.pad(values, [(0, 0)] * leading + gaps)
