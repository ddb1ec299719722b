"""How long one ensemble takes to train: a Keras loop, scikit-learn's bagging, and the build's, in one run.

All train 64-32-15 ReLU networks by Adam for 320 steps on bootstraps of the same 51 rows. The Keras
loop may train fewer members than the others (it takes minutes); its time is then scaled up, and the
table says so.
"""

from __future__ import annotations

import argparse
import os
import time
import warnings
from collections.abc import Callable

import numpy as np
from rich.console import Console
from rich.table import Table
from sklearn.ensemble import BaggingRegressor
from sklearn.neural_network import MLPRegressor

from ml.models.networks import GridPoint, Task, predict_tasks

ROWS, FEATURES, OUTPUTS, STEPS, BATCH = 51, 9, 15, 320, 32
EPOCHS = STEPS // -(-ROWS // BATCH)


def made_up_rows() -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(0)
    inputs = generator.normal(size=(ROWS, FEATURES)).astype(np.float32)
    return inputs, (inputs @ generator.normal(size=(FEATURES, OUTPUTS))).astype(np.float32)


def keras_loop(members: int) -> None:
    import keras

    inputs, targets = made_up_rows()
    generator = np.random.default_rng(1)
    for _ in range(members):
        drawn = generator.integers(0, ROWS, ROWS)
        model = keras.Sequential(
            [keras.layers.Dense(64, "relu"), keras.layers.Dense(32, "relu"), keras.layers.Dense(OUTPUTS)]
        )
        model.compile("adam", "mse")
        model.fit(inputs[drawn], targets[drawn], batch_size=BATCH, epochs=EPOCHS, verbose=0)


def scikit_learn_bagging(members: int) -> None:
    network = MLPRegressor(
        hidden_layer_sizes=(64, 32), batch_size=BATCH, max_iter=EPOCHS, n_iter_no_change=EPOCHS
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it stops at the number of steps, as the others do
        BaggingRegressor(network, n_estimators=members, random_state=0).fit(*made_up_rows())


def ours(members: int) -> None:
    inputs, targets = (rows.astype(np.float64) for rows in made_up_rows())
    point = GridPoint((64, 32), learning_rate=0.001, weight_decay=0.0, epochs=STEPS)
    sites = np.arange(ROWS).astype(object)
    task = Task(inputs, targets, sites, inputs, point, frame=(64, 32), bags=members, seed=(0,))
    predict_tasks([task], threads=2)


def seconds(action: Callable[[int], None], members: int, repeats: int = 1) -> float:
    """Best wall-clock time of some repeats."""
    found = []
    for _ in range(repeats):
        started = time.perf_counter()
        action(members)
        found.append(time.perf_counter() - started)
    return min(found)


def main() -> None:
    """Print the table."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=100)
    parser.add_argument("--keras-members", type=int, default=5, help="members the Keras loop trains")
    arguments = parser.parse_args()
    members, few = arguments.members, min(arguments.keras_members, arguments.members)
    import tensorflow as tf  # imported before the clock starts, for all alike

    keras_loop(1)  # start-up is not counted; ours comes last, as it switches determinism on for all
    loop = seconds(keras_loop, few) * members / few
    bagging = seconds(scikit_learn_bagging, members, repeats=2)
    first = seconds(ours, members)
    own = seconds(ours, members, repeats=5)
    table = Table(
        title=f"{members} networks, {STEPS} steps, TensorFlow {tf.__version__}, {os.cpu_count()} cores"
    )
    for name in ("", "seconds", "times ours"):
        table.add_column(name, justify="left" if not name else "right")
    scaled = "" if few == members else f" (scaled from {few} members)"
    table.add_row(f"Keras loop{scaled}", f"{loop:.1f}", f"{loop / own:.0f}")
    table.add_row("scikit-learn bagging", f"{bagging:.1f}", f"{bagging / own:.1f}")
    table.add_row("ours, compiled", f"{own:.2f}", "1")
    table.add_row("ours, first call with compilation", f"{first:.2f}", f"{first / own:.1f}")
    Console().print(table)


if __name__ == "__main__":
    main()
