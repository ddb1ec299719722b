"""The reference study: its table, its codes, its network step for step as Keras trains it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ml.models.members import train_members
from ml.oxides import OXIDES
from ml.studies.reference import (
    ReferenceNetwork,
    continent_metrics,
    glorot_start,
    reference_codes,
    shuffled_batches,
    split_metrics,
    status_pieces,
)


@pytest.fixture
def published() -> pd.DataFrame:
    generator = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "location": [f"place {number % 7}" for number in range(30)],
            "continent": [f"continent {number % 3}" for number in range(30)],
            "deposit_type": [f"type {number % 4}" for number in range(30)],
            "status": ["1, 3(2021), 4(2022)" if number < 4 else "4" for number in range(30)],
            "hree_pct": generator.uniform(0, 90, 30),
        }
    )
    shares = generator.uniform(0, 10, (30, len(OXIDES)))
    shares[0, 3] = np.nan
    return pd.concat([frame, pd.DataFrame(shares, columns=list(OXIDES))], axis=1)


@pytest.mark.parametrize(
    ("status", "pieces"),
    [("4", 1), ("1, 3(2021), 4(2022)", 2), ("4(2022)", 1), ("3,4(2024)", 2), (None, 1), ("1&T", 1)],
)
def test_a_project_stands_once_per_piece_of_its_status(status, pieces):
    assert status_pieces(status) == pieces


def test_codes_are_alphabetical_ranks():
    frame = pd.DataFrame(
        {"location": ["b", "a", None], "continent": ["x"] * 3, "deposit_type": ["q", "p", "q"]}
    )
    assert reference_codes(frame).tolist() == [[2, 0, 1], [1, 0, 0], [0, 0, 1]]


def test_splits_repeat_projects_only_where_the_study_did(published, tiny):
    metrics = list(split_metrics(published, replace(tiny, reference_seeds=2)))
    rows = {m.protocol: m.projects for m in metrics if m.target == "all"}
    assert rows == {"reference_split": round(32 * 0.2 + 0.4), "reference_split_clean": 6}
    assert {m.model_name for m in metrics} == {"reference_network", "training_mean"}


def test_continents_are_judged_against_guesses(published, tiny):
    sites = np.arange(30).astype(object)
    metrics = list(continent_metrics(published, sites, tiny))
    assert len(metrics) == 2 * 2 * 3
    assert all(0.0 <= metric.value <= 1.0 for metric in metrics)


def test_every_row_is_in_one_batch_of_an_epoch():
    masks = shuffled_batches(np.random.default_rng(0), 3, 40, epochs=5)
    assert masks.shape == (10, 3, 40)
    assert (masks.reshape(5, 2, 3, 40).sum(axis=1) == 1).all()
    assert masks[0].sum() == 3 * 32


def test_seeds_differ_and_repeat():
    generator = np.random.default_rng(0)
    inputs, targets = generator.normal(size=(40, 3)), generator.uniform(size=(40, 15))
    first, again = (ReferenceNetwork(3, seeds=2).fit(inputs, targets).predict_members(inputs) for _ in "ab")
    assert np.array_equal(first, again)
    assert not np.allclose(first[0], first[1])


def test_trains_step_for_step_as_keras():
    keras = pytest.importorskip("keras")
    generator = np.random.default_rng(0)
    inputs = generator.normal(size=(40, 3)).astype(np.float32)
    targets = generator.uniform(size=(40, 15)).astype(np.float32)
    start = glorot_start(generator, 1, (3, 64, 32, 15))
    model = keras.Sequential(
        [keras.layers.Dense(64, "relu"), keras.layers.Dense(32, "relu"), keras.layers.Dense(15)]
    )
    model.compile("adam", "mse")
    model.build((None, 3))
    model.set_weights(
        [
            array[0].reshape(shape.shape)
            for pair in zip(start.kernels, start.biases, strict=True)
            for array, shape in zip(pair, (pair[0][0], pair[1][0, 0]), strict=True)
        ]
    )
    model.fit(inputs, targets, batch_size=32, epochs=4, shuffle=False, verbose=0)
    batches = np.tile((np.arange(40) // 32 == np.arange(2)[:, None])[:, None], (4, 1, 1))
    trained = train_members(
        start,
        inputs[None],
        targets[None],
        np.ones((1, 40, 15), np.float32),
        learning_rates=np.array([0.001], np.float32),
        weight_decays=np.zeros(1, np.float32),
        epochs=np.array([8], np.int32),
        threads=2,
        batches=batches.astype(np.float32),
    )
    np.testing.assert_allclose(trained.outputs(inputs)[0], model.predict(inputs, verbose=0), atol=1e-4)
