"""Many bagged network ensembles at once: folds, grid points and bags on one member axis.

A task is one ensemble: training rows, a grid point, bags. The members of tasks of one padded shape are
trained side by side in chunks, so that few programs are compiled however many folds and grid points there
are.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.models.members import Float32Array, MemberWeights, initial_weights, padded_shape, train_members
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
        frame: Units its hidden layers are padded to: those of the widest networks it is compared with, so
            that all run as one program.
        bags: Number of networks.
        seed: Root of resamples and initial weights.
    """

    inputs: FloatArray
    targets: FloatArray
    groups: npt.NDArray[np.object_]
    queries: FloatArray
    point: GridPoint
    frame: tuple[int, ...]
    bags: int
    seed: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class _Bags:
    """A task prepared: its members' rows, standardised and padded, their weights, and where they start."""

    task: Task
    mean: FloatArray
    scale: FloatArray
    inputs: Float32Array  # (bags, kept rows, features)
    targets: Float32Array
    weights: Float32Array
    start: MemberWeights


def predict_tasks(tasks: Sequence[Task], threads: int) -> list[FloatArray]:
    """Train all tasks and predict with each the mean of its bags.

    What a task gives depends on nothing but the task: the shape it is trained in is its own, and tasks of one
    shape share a program.

    Args:
        tasks: What to train.
        threads: Threads of TensorFlow.

    Returns:
        For each task its predictions in the unit of its targets, shape (q, outputs), not closed.
    """
    results: dict[int, FloatArray] = {}
    for slab in _slabs(tasks):
        by_shape: dict[tuple[object, ...], dict[int, _Bags]] = {}
        for i in slab:
            bags = _prepared(tasks[i])
            shape = (bags.inputs.shape[1:], *(kernel.shape[1:] for kernel in bags.start.kernels))
            by_shape.setdefault(shape, {})[i] = bags
        for alike in by_shape.values():
            members = _trained(list(alike.values()), threads)
            results |= {
                i: _predicted(bags, own) for (i, bags), own in zip(alike.items(), members, strict=True)
            }
    return [results[i] for i in range(len(tasks))]


def _slabs(tasks: Sequence[Task]) -> Iterator[list[int]]:
    """Cut the tasks into runs of at most `SLAB_MEMBERS` members, or of one task."""
    slab: list[int] = []
    members = 0
    for i, task in enumerate(tasks):
        if slab and members + task.bags > SLAB_MEMBERS:
            yield slab
            slab, members = [], 0
        slab.append(i)
        members += task.bags
    if slab:
        yield slab


def _prepared(task: Task) -> _Bags:
    generator = np.random.default_rng(task.seed)
    known = np.isfinite(task.targets)
    mean, scale = known_mean_and_scale(task.targets)
    standardised = np.where(known, (task.targets - mean) / scale, 0.0)
    counts = bag_counts(generator, task.bags, task.groups)
    features, outputs = task.inputs.shape[1], task.targets.shape[1]
    start = initial_weights(generator, task.bags, (features, *task.point.hidden_widths, outputs))
    # Only rows in the bag cost time; rows that no longer fit are none, as the widest bag decides.
    in_bag = counts > 0
    kept = np.argsort(~in_bag, axis=1, kind="stable")[:, : in_bag.sum(axis=1).max()]
    weights = np.take_along_axis(counts, kept, axis=1)[:, :, None] * known[kept]
    rows, padded_features = padded_shape(kept.shape[1], features)
    widths = (padded_features, *task.frame, outputs)
    # A narrower network is a wide one whose surplus units start, and therefore stay, at zero.
    kernels = zip(start.kernels, itertools.pairwise(widths), strict=True)
    return _Bags(
        task,
        mean,
        scale,
        _grown(task.inputs.astype(np.float32)[kept], (rows, padded_features)),
        _grown(standardised.astype(np.float32)[kept], (rows, outputs)),
        _grown(weights.astype(np.float32), (rows, outputs)),
        MemberWeights(
            tuple(_grown(kernel, shape) for kernel, shape in kernels),
            tuple(np.zeros((task.bags, 1, units), np.float32) for units in widths[1:]),
        ),
    )


def known_mean_and_scale(targets: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Mean and standard deviation over known cells; 0 and 1 for a column that has none."""
    known = np.isfinite(targets)
    count = np.maximum(known.sum(axis=0), 1)
    mean = np.where(known, targets, 0.0).sum(axis=0) / count
    variance = np.where(known, (targets - mean) ** 2, 0.0).sum(axis=0) / count
    scale = np.sqrt(variance)
    return mean, np.where(scale > 0.0, scale, 1.0)


def bag_counts(generator: np.random.Generator, members: int, groups: npt.NDArray[np.object_]) -> Float32Array:
    """Draw a bootstrap of groups per member: how often it sees each row, (members, rows)."""
    position = np.unique(groups.astype(str), return_inverse=True)[1]
    group_count = int(position.max()) + 1
    equal = np.full(group_count, 1.0 / group_count)
    drawn = generator.multinomial(group_count, equal, size=members)
    counts: Float32Array = drawn[:, position].astype(np.float32)
    return counts


def _trained(bags: list[_Bags], threads: int) -> list[MemberWeights]:
    """Train tasks of one shape in equal chunks; return each task's members."""
    counts = [item.task.bags for item in bags]
    inputs, targets, weights = (
        np.concatenate([getattr(item, name) for item in bags]) for name in ("inputs", "targets", "weights")
    )
    start = _joined([item.start for item in bags])
    points = [item.task.point for item in bags]
    rates = np.repeat(np.array([point.learning_rate for point in points], np.float32), counts)
    decays = np.repeat(np.array([point.weight_decay for point in points], np.float32), counts)
    epochs = np.repeat(np.array([point.epochs for point in points], np.int32), counts)
    pieces = []
    for first in range(0, len(inputs), CHUNK_MEMBERS):
        # The last chunk is filled up with members trained twice: one shape, one compilation.
        chosen = np.minimum(np.arange(first, first + CHUNK_MEMBERS), len(inputs) - 1)
        piece = train_members(
            start.members(chosen),
            inputs[chosen],
            targets[chosen],
            weights[chosen],
            learning_rates=rates[chosen],
            weight_decays=decays[chosen],
            epochs=epochs[chosen],
            threads=threads,
        )
        pieces.append(piece)
    joined = _joined(pieces)
    ends = np.cumsum(counts)
    return [joined.members(np.arange(end - count, end)) for end, count in zip(ends, counts, strict=True)]


def _joined(parts: list[MemberWeights]) -> MemberWeights:
    """Put members one after the other."""
    return MemberWeights(
        tuple(np.concatenate(layers) for layers in zip(*(part.kernels for part in parts), strict=True)),
        tuple(np.concatenate(layers) for layers in zip(*(part.biases for part in parts), strict=True)),
    )


def _predicted(bags: _Bags, members: MemberWeights) -> FloatArray:
    queries = _grown(bags.task.queries.astype(np.float32), (members.kernels[0].shape[1],))
    parts = [
        members.outputs(queries[first : first + QUERY_ROWS]).mean(axis=0, dtype=np.float64)
        for first in range(0, max(len(queries), 1), QUERY_ROWS)
    ]
    predicted: FloatArray = np.concatenate(parts) * bags.scale + bags.mean
    return predicted


def _grown(values: Float32Array, shape: tuple[int, ...]) -> Float32Array:
    """Pad the trailing axes with zeros up to `shape`."""
    leading = values.ndim - len(shape)
    gaps = [(0, size - old) for size, old in zip(shape, values.shape[leading:], strict=True)]
    return np.pad(values, [(0, 0)] * leading + gaps)
