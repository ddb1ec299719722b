"""A bagged ensemble of multilayer perceptrons, all members trained at once in TensorFlow.

Members are the leading axis of every tensor of one compiled program, so a hundred networks cost
about as much as a few. TensorFlow is imported only while training: a fitted ensemble holds NumPy
arrays and predicts without it.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import os
from collections.abc import Callable
from dataclasses import dataclass
from numbers import Integral
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, MultiOutputMixin, RegressorMixin
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_array, check_is_fitted, validate_data

from ml.oxides import close

Float32Array = npt.NDArray[np.float32]

# Rows and input columns are padded with zeros to a multiple of these. Padded cells carry no weight;
# folds of slightly different size then share one compiled program instead of one second each.
ROW_PADDING = 8
FEATURE_PADDING = 4


@dataclass(frozen=True, eq=False)
class MemberWeights:
    """Weights of all members, layer by layer.

    Attributes:
        kernels: Per layer, shape (members, inputs, units), float32.
        biases: Per layer, shape (members, 1, units), float32.
    """

    kernels: tuple[Float32Array, ...]
    biases: tuple[Float32Array, ...]

    def members(self, first: int, end: int) -> MemberWeights:
        """Take some members, from `first` up to but without `end`."""
        return MemberWeights(
            tuple(kernel[first:end] for kernel in self.kernels),
            tuple(bias[first:end] for bias in self.biases),
        )

    def outputs(self, inputs: Float32Array) -> Float32Array:
        """Run all members on the same rows.

        Args:
            inputs: Shape (n, features), float32.

        Returns:
            Linear outputs, shape (members, n, outputs), float32.
        """
        signal = inputs[None]
        for layer, (kernel, bias) in enumerate(zip(self.kernels, self.biases, strict=True)):
            signal = signal @ kernel + bias
            if layer < len(self.kernels) - 1:
                signal = np.maximum(signal, np.float32(0.0))
        return signal


class BaggedMLPEnsemble(MultiOutputMixin, RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """Bootstrap-aggregated multilayer perceptrons with ReLU units and linear outputs.

    Each member sees its own bootstrap resample (Breiman, "Bagging predictors", Machine Learning
    24, 1996) of the groups passed to `fit`, of single rows if none are, and starts from its own
    He-normal weights (He et al., 2015, doi:10.1109/ICCV.2015.123). All are trained on
    standardised targets by full-batch Adam (Kingma and Ba, 2015, arXiv:1412.6980) with decoupled
    weight decay on kernels (Loshchilov and Hutter, 2019, arXiv:1711.05101). NaN targets carry no
    weight in the squared error. The prediction is the mean over members.

    From one integer `random_state`, results are equal bit for bit on one machine with the same
    library versions and `threads`.

    Args:
        members: Number of networks.
        hidden_widths: Units of each hidden layer.
        learning_rate: Adam's step size.
        weight_decay: Every step multiplies kernels by 1 - learning_rate * weight_decay.
        epochs: Adam steps, each over all rows.
        total: If given, predictions are clipped at 0 and scaled to sum to this, as shares must.
        threads: Threads of TensorFlow; without effect once TensorFlow has run in the process.
        random_state: Seed of weights and resamples.

    Attributes:
        weights_: `MemberWeights` of the trained members.
        target_mean_: Mean of each target over known training cells, shape (outputs,), float64.
        target_scale_: Their standard deviation (1 where constant), shape (outputs,), float64.
        bag_counts_: How often each member saw each training row, shape (members, n), float32.
        n_features_in_: Number of input columns.
    """

    def __init__(
        self,
        members: int = 100,
        hidden_widths: tuple[int, ...] = (64, 32),
        learning_rate: float = 0.001,
        weight_decay: float = 0.0,
        epochs: int = 320,
        total: float | None = None,
        threads: int = 2,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        self.members = members
        self.hidden_widths = hidden_widths
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.epochs = epochs
        self.total = total
        self.threads = threads
        self.random_state = random_state

    def fit(self, X: npt.ArrayLike, y: npt.ArrayLike, groups: npt.ArrayLike | None = None) -> Self:
        """Train all members.

        Args:
            X: Inputs, shape (n, features), finite; scale them before.
            y: Targets, shape (n,) or (n, outputs); NaN where unknown.
            groups: Group of each row, shape (n,), resampled as wholes; None resamples rows.

        Returns:
            The fitted ensemble.

        Raises:
            ValueError: If shapes differ, inputs are not finite or no target is known.
        """
        inputs, targets = self._validated(X, y)
        self._is_single_output: bool = targets.ndim == 1
        targets = targets.reshape(len(targets), -1)
        generator = self._generator()
        known = np.isfinite(targets)
        self.target_mean_, self.target_scale_ = known_mean_and_scale(targets)
        standardised = np.where(known, (targets - self.target_mean_) / self.target_scale_, 0.0)
        self.bag_counts_ = bag_counts(generator, self.members, len(inputs), groups)
        layer_widths = (inputs.shape[1], *self.hidden_widths, targets.shape[1])
        start = initial_weights(generator, self.members, layer_widths)
        self.weights_ = self._trained(start, inputs, standardised, known)
        return self

    def predict_members(self, X: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Predict with each member, before averaging and closure.

        Args:
            X: Inputs, shape (n, features).

        Returns:
            Predictions in the unit of the targets, shape (members, n, outputs), float64.
        """
        check_is_fitted(self, "weights_")
        inputs = validate_data(self, X, dtype=np.float32, reset=False)
        standardised = self.weights_.outputs(inputs).astype(np.float64)
        predicted: npt.NDArray[np.float64] = standardised * self.target_scale_ + self.target_mean_
        return predicted

    def predict(self, X: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Average the members, and close the rows to `total` if one is set.

        Args:
            X: Inputs, shape (n, features).

        Returns:
            Predictions, shape (n, outputs), or (n,) if `fit` had one-dimensional targets.
        """
        mean: npt.NDArray[np.float64] = self.predict_members(X).mean(axis=0)
        if self.total is not None:
            mean = close(mean, self.total)
        return mean[:, 0] if self._is_single_output else mean

    def __sklearn_tags__(self) -> Any:
        """Tell scikit-learn that results depend on chance only through `random_state`."""
        tags = super().__sklearn_tags__()
        tags.target_tags.single_output = True
        return tags

    def _validated(self, X: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Float32Array, npt.NDArray[np.float64]]:
        members: object = self.members
        if not isinstance(members, Integral) or members < 1:
            raise ValueError(f"members must be a positive whole number, not {members!r}")
        if y is None:
            raise ValueError("requires y to be passed, but the target y is None")
        inputs = validate_data(self, X, dtype=np.float32)
        targets = check_array(y, dtype=np.float64, ensure_2d=False, ensure_all_finite="allow-nan")
        if len(targets) != len(inputs):
            raise ValueError(f"X has {len(inputs)} rows and y has {len(targets)}")
        if not np.isfinite(targets).any():
            raise ValueError("no target is known: every cell of y is NaN")
        return inputs, targets

    def _generator(self) -> np.random.Generator:
        if self.random_state is None or isinstance(self.random_state, Integral):
            return np.random.default_rng(self.random_state)
        return np.random.default_rng(check_random_state(self.random_state).randint(2**31 - 1))

    def _trained(
        self,
        start: MemberWeights,
        inputs: Float32Array,
        targets: npt.NDArray[np.float64],
        known: npt.NDArray[np.bool_],
    ) -> MemberWeights:
        # A member trains on the rows in its bag alone, some five eighths of all: the others would
        # cost time and carry no weight. All members keep as many rows as the fullest bag has.
        in_bag = self.bag_counts_ > 0
        kept = np.argsort(~in_bag, axis=1, kind="stable")[:, : in_bag.sum(axis=1).max()]
        counts = np.take_along_axis(self.bag_counts_, kept, axis=1)
        cell_weights = counts[:, :, None] * known[kept]
        per_member = np.ones(self.members, dtype=np.float32)
        return train_members(
            start,
            inputs[kept],
            targets[kept].astype(np.float32),
            cell_weights.astype(np.float32),
            learning_rates=per_member * np.float32(self.learning_rate),
            weight_decays=per_member * np.float32(self.weight_decay),
            epochs=np.full(self.members, self.epochs, dtype=np.int32),
            threads=self.threads,
        )


def train_members(
    start: MemberWeights,
    inputs: Float32Array,
    targets: Float32Array,
    cell_weights: Float32Array,
    *,
    learning_rates: Float32Array,
    weight_decays: Float32Array,
    epochs: npt.NDArray[np.int32],
    threads: int,
    batches: Float32Array | None = None,
) -> MemberWeights:
    """Train independent networks side by side by Adam with decoupled decay.

    Members may differ in data, rates and epochs, so bags, folds and grid points can all lie on
    the member axis. Members narrower than the rest are written with zeros in the surplus units'
    kernels and biases: such units have no gradient and stay zero.

    Args:
        start: Weights to start from.
        inputs: Shape (members or 1, n, features), float32.
        targets: Shape (members or 1, n, outputs), float32, finite.
        cell_weights: Weight of each squared error, shape (members, n, outputs), float32; each
            member's error is its weighted mean. 0 leaves a cell out.
        learning_rates: Shape (members,), float32.
        weight_decays: Shape (members,), float32.
        epochs: Steps after which a member stands still, shape (members,), int32.
        threads: Threads of TensorFlow, without effect once it has run in the process.
        batches: For each step, 1 for the rows of its batch and 0 for the others, shape (steps,
            members or 1, n), float32; steps beyond the last start over. None: all rows, always.

    Returns:
        Trained weights, same shapes as `start`.
    """
    train = _compiled_training(threads)
    features = inputs.shape[2]
    padded_rows = _padded(inputs.shape[1], ROW_PADDING)
    padded_features = _padded(features, FEATURE_PADDING)
    if batches is None:
        batches = np.ones((1, 1, inputs.shape[1]), dtype=np.float32)
    first_kernel = _pad_axis(start.kernels[0], 1, padded_features)
    kernels, biases = train(
        (first_kernel, *start.kernels[1:]),
        start.biases,
        _pad_axis(_pad_axis(inputs, 1, padded_rows), 2, padded_features),
        _pad_axis(targets, 1, padded_rows),
        _pad_axis(cell_weights, 1, padded_rows),
        _pad_axis(batches, 2, padded_rows),
        learning_rates,
        weight_decays,
        epochs,
    )
    trained = tuple(kernel.numpy() for kernel in kernels)
    return MemberWeights((trained[0][:, :features], *trained[1:]), tuple(bias.numpy() for bias in biases))


@functools.cache
def prepared_tensorflow(threads: int) -> Any:
    """Import TensorFlow, quiet and repeatable; whoever uses it first in a process decides for all."""
    # Keep TensorFlow's start-up notes off the terminal and its CPU kernels the same everywhere.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    import tensorflow as tf

    # A new shape is compiled anew on purpose; TensorFlow would warn of it as a mistake.
    tf.get_logger().setLevel("ERROR")
    # Threads are fixed when TensorFlow first runs in a process; a second setting is refused.
    with contextlib.suppress(RuntimeError):
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(threads)
    tf.config.experimental.enable_op_determinism()
    return tf


@functools.cache
def _compiled_training(threads: int) -> Callable[..., Any]:
    """Build the compiled program; TensorFlow retraces it itself when shapes change."""
    tf = prepared_tensorflow(threads)

    def train(
        kernels: Any,
        biases: Any,
        x: Any,
        y: Any,
        weights: Any,
        batches: Any,
        rates: Any,
        decays: Any,
        epochs: Any,
    ) -> Any:
        start = tuple(kernels) + tuple(biases)
        layers = len(kernels)
        zeros = tuple(tf.zeros_like(value) for value in start)

        def step(number: Any, params: Any, first: Any, second: Any) -> Any:
            batch = tf.gather(batches, number % tf.shape(batches)[0])[:, :, None]
            with tf.GradientTape(watch_accessed_variables=False) as tape:
                tape.watch(params)
                loss = _summed_loss(tf, params, x, y, weights * batch)
            gradients = tape.gradient(loss, params)
            rate = tf.where(number < epochs, rates, 0.0)[:, None, None]
            kept = [1.0 - rate * decays[:, None, None]] * layers + [1.0] * layers
            params, first, second = _adam_step(tf, number, params, first, second, gradients, rate, kept)
            return number + 1, params, first, second

        last_epoch = tf.reduce_max(epochs)
        _, params, _, _ = tf.while_loop(
            lambda number, *_: number < last_epoch, step, (tf.constant(0), start, zeros, zeros)
        )
        return params[:layers], params[layers:]

    program: Callable[..., Any] = tf.function(train, jit_compile=True, autograph=False)
    return program


def _summed_loss(tf: Any, params: tuple[Any, ...], x: Any, y: Any, weights: Any) -> Any:
    """Sum the members' weighted mean squared errors.

    The sum keeps their gradients apart, because no two members share a parameter.
    """
    layers = len(params) // 2
    signal = x
    for layer in range(layers):
        signal = tf.matmul(signal, params[layer]) + params[layers + layer]
        if layer < layers - 1:
            signal = tf.nn.relu(signal)
    error = tf.reduce_sum(weights * tf.square(signal - y), axis=(1, 2))
    weight_sum = tf.reduce_sum(weights, axis=(1, 2))
    return tf.reduce_sum(error / tf.maximum(weight_sum, 1e-12))


def _adam_step(
    tf: Any, number: Any, params: Any, first: Any, second: Any, gradients: Any, rate: Any, kept: Any
) -> Any:
    """Move all parameters once: Adam as in Kingma and Ba (2015), algorithm 1.

    `kept` is the factor each parameter is multiplied by first: the decoupled weight decay.
    """
    power = tf.cast(number + 1, tf.float32)
    correction = tf.sqrt(1.0 - tf.pow(0.999, power)) / (1.0 - tf.pow(0.9, power))
    first = tuple(0.9 * m + 0.1 * g for m, g in zip(first, gradients, strict=True))
    second = tuple(0.999 * v + 0.001 * tf.square(g) for v, g in zip(second, gradients, strict=True))
    moved = tuple(
        value * factor - rate * correction * m / (tf.sqrt(v) + 1e-7)
        for value, factor, m, v in zip(params, kept, first, second, strict=True)
    )
    return moved, first, second


def known_mean_and_scale(
    targets: npt.NDArray[np.float64],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Mean and standard deviation over known cells; 0 and 1 for a column that has none."""
    known = np.isfinite(targets)
    count = np.maximum(known.sum(axis=0), 1)
    mean = np.where(known, targets, 0.0).sum(axis=0) / count
    variance = np.where(known, (targets - mean) ** 2, 0.0).sum(axis=0) / count
    scale = np.sqrt(variance)
    return mean, np.where(scale > 0.0, scale, 1.0)


def bag_counts(
    generator: np.random.Generator, members: int, rows: int, groups: npt.ArrayLike | None
) -> Float32Array:
    """Draw a bootstrap of groups per member: how often it sees each row, (members, rows)."""
    if groups is None:
        position = np.arange(rows)
    else:
        labels = np.asarray(groups).astype(str)
        if labels.shape != (rows,):
            raise ValueError(f"groups has shape {labels.shape} for {rows} rows")
        position = np.unique(labels, return_inverse=True)[1]
    group_count = int(position.max()) + 1
    equal = np.full(group_count, 1.0 / group_count)
    drawn = generator.multinomial(group_count, equal, size=members)
    counts: Float32Array = drawn[:, position].astype(np.float32)
    return counts


def initial_weights(generator: np.random.Generator, members: int, widths: tuple[int, ...]) -> MemberWeights:
    """Draw He-normal kernels and zero biases for layers of the given widths, inputs first."""
    kernels, biases = [], []
    for inputs, units in itertools.pairwise(widths):
        draw = generator.standard_normal((members, inputs, units), dtype=np.float32)
        kernels.append(draw * np.float32(np.sqrt(2.0 / inputs)))
        biases.append(np.zeros((members, 1, units), dtype=np.float32))
    return MemberWeights(tuple(kernels), tuple(biases))


def _padded(size: int, multiple: int) -> int:
    return -(-size // multiple) * multiple


def _pad_axis(values: Float32Array, axis: int, size: int) -> Float32Array:
    widths = [(0, 0)] * values.ndim
    widths[axis] = (0, size - values.shape[axis])
    return np.pad(values, widths)
