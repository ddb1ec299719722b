"""Multilayer perceptrons trained side by side in TensorFlow.

Members are the leading axis of every tensor of one compiled program, so a hundred networks cost
about as much as a few. TensorFlow is imported only while training: trained members are NumPy
arrays and predict without it.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Float32Array = npt.NDArray[np.float32]

ROW_PADDING = 16
FEATURE_PADDING = 12
"""Rows and input columns are padded with zeros, which carry no weight, to a multiple of these: folds of
slightly different size then share one program, and compiling one takes as long as a thousand networks."""

_TRAINING = threading.RLock()
"""One training at a time: each uses all threads it may."""


@dataclass(frozen=True, eq=False)
class MemberWeights:
    """Weights of all members, layer by layer.

    Attributes:
        kernels: Per layer, shape (members, inputs, units), float32.
        biases: Per layer, shape (members, 1, units), float32.
    """

    kernels: tuple[Float32Array, ...]
    biases: tuple[Float32Array, ...]

    def members(self, chosen: npt.NDArray[np.intp]) -> MemberWeights:
        """Take the members at some positions."""
        return MemberWeights(
            tuple(kernel[chosen] for kernel in self.kernels), tuple(bias[chosen] for bias in self.biases)
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
        epochs: Steps after which a member does not change, shape (members,), int32.
        threads: Threads of TensorFlow, without effect once it has run in the process.
        batches: For each step, 1 for the rows of its batch and 0 for the others, shape (steps,
            members or 1, n), float32; steps beyond the last start over. None: all rows, always.

    Returns:
        Trained weights, same shapes as `start`.
    """
    features = inputs.shape[2]
    padded_rows, padded_features = padded_shape(inputs.shape[1], features)
    if batches is None:
        batches = np.ones((1, 1, inputs.shape[1]), dtype=np.float32)
    first_kernel = _pad_axis(start.kernels[0], 1, padded_features)
    with _TRAINING:
        kernels, biases = _compiled_training(threads)(
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

    # A new shape is compiled again on purpose; TensorFlow would warn of it as a mistake.
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


def initial_weights(generator: np.random.Generator, members: int, widths: tuple[int, ...]) -> MemberWeights:
    """Draw He-normal kernels and zero biases for layers of the given widths, inputs first."""
    kernels, biases = [], []
    for inputs, units in itertools.pairwise(widths):
        draw = generator.standard_normal((members, inputs, units), dtype=np.float32)
        kernels.append(draw * np.float32(np.sqrt(2.0 / inputs)))
        biases.append(np.zeros((members, 1, units), dtype=np.float32))
    return MemberWeights(tuple(kernels), tuple(biases))


def padded_shape(rows: int, features: int) -> tuple[int, int]:
    """Give the rows and input columns that members of this shape are trained with."""
    return -(-rows // ROW_PADDING) * ROW_PADDING, -(-features // FEATURE_PADDING) * FEATURE_PADDING


def _pad_axis(values: Float32Array, axis: int, size: int) -> Float32Array:
    widths = [(0, 0)] * values.ndim
    widths[axis] = (0, size - values.shape[axis])
    return np.pad(values, widths)
