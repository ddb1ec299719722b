"""The longer studies: what they measure, and that their runs live beside those of builds."""

from __future__ import annotations

import shutil
from dataclasses import replace

import duckdb
import numpy as np
import pandas as pd
import pytest

from ml import study
from ml.oxides import OXIDES
from ml.pipeline import add_studies, run, train_studies
from ml.study import StudyData, StudySettings, learning_curve, reference_keras

SHORT = StudySettings(
    keras_seeds=2,
    keras_epochs=3,
    patience=1,
    curve_sites=(6, 7),
    repeats=1,
    wide_widths=((4,), (4, 2)),
    wide_weight_decays=(3.0,),
    wide_steps=((0.01, 20),),
)


@pytest.fixture
def published_table() -> pd.DataFrame:
    generator = np.random.default_rng(0)
    texts = {
        "location": [f"place {number % 7}" for number in range(20)],
        "continent": [f"continent {number % 3}" for number in range(20)],
        "deposit_type": [f"type {number % 4}" for number in range(20)],
        "status": ["1, 3(2021), 4(2022)" if number < 4 else "4" for number in range(20)],
    }
    shares = pd.DataFrame(generator.uniform(0, 10, (20, len(OXIDES))), columns=list(OXIDES))
    return pd.concat([pd.DataFrame(texts), shares], axis=1)


def test_both_variants_of_the_reference_stand_beside_the_mean(dataset, published_table, tiny):
    metrics = list(reference_keras(StudyData(dataset, published_table), tiny, SHORT))
    over_all = {(m.model_name, m.protocol, m.metric): m for m in metrics if m.target == "all"}
    models = {"reference_network_keras", "reference_network_keras_per_cent", "training_mean"}
    assert {key[0] for key in over_all} == models
    assert {key[1] for key in over_all} == {"reference_split", "reference_split_clean"}
    assert {key[2] for key in over_all} == {"scaled_rmse", "rmse_pct"}
    spread = over_all["reference_network_keras_per_cent", "reference_split", "rmse_pct"]
    assert spread.value > 0.0
    assert spread.standard_error is not None


def test_early_stopping_keeps_the_best_weights(monkeypatch):
    keras = pytest.importorskip("keras")
    losses, stopped_at = iter([5.0, 3.0, 4.0, 4.0, 4.0, 0.1]), []
    monkeypatch.setattr(keras.Sequential, "test_on_batch", lambda *_: next(losses))
    kept: list[list[np.ndarray]] = []
    original = keras.Sequential.train_on_batch

    def train(model, inputs, targets):
        result = original(model, inputs, targets)
        kept.append(model.get_weights())
        return result

    monkeypatch.setattr(keras.Sequential, "train_on_batch", train)
    monkeypatch.setattr(
        keras.Sequential,
        "set_weights",
        lambda model, weights: stopped_at.append((len(kept), np.allclose(weights[0], kept[1][0]))),
    )
    generator = np.random.default_rng(0)
    inputs, targets = generator.normal(size=(20, 3)), generator.uniform(size=(20, 15))
    study._keras_predictions(inputs, targets, inputs, seed=0, epochs=50, patience=3)
    assert stopped_at == [(5, True)]


def test_the_learning_curve_says_how_many_sites_it_saw(dataset, tiny):
    measured = dataset.rows(dataset.is_measured)
    metrics = list(learning_curve(StudyData(measured, None), tiny, SHORT))
    assert {m.protocol for m in metrics} == {"learning_curve"}
    assert [m.stratum for m in metrics] == ["sites_6"] * 3 + ["sites_7"] * 3


def test_studies_are_kept_by_later_builds_which_still_reuse_theirs(
    published, tmp_path, tiny, marts, write_marts
):
    path, first = published
    file, later = tmp_path / "ree.duckdb", tmp_path / "later.duckdb"
    shutil.copy(path, file)
    studies = train_studies(file, settings=tiny, study_settings=SHORT)
    # The made-up marts come without the table as published, so there is no reference to repeat.
    assert list(studies["model_runs"]["model_name"]) == ["study_learning_curve", "study_wide_search"]
    add_studies(file, studies)
    assert train_studies(file, settings=tiny, study_settings=SHORT)["model_runs"].empty
    other = replace(SHORT, curve_sites=(6,))
    assert len(train_studies(file, settings=tiny, study_settings=other)["model_runs"]) == 2

    write_marts(later, marts)
    again = run(f"duckdb:///{later}", previous_file=file, settings=tiny)
    assert (again.reused, again.model_run_id, again.runs_kept) == (True, first.model_run_id, 3)
    with duckdb.connect(str(later), read_only=True) as connection:
        flags = connection.execute(
            "select model_name, is_current, is_study from ml.model_runs order by all"
        ).fetchall()
        kept = connection.execute(
            "select count(*) from ml.model_metrics inner join ml.model_runs using (model_run_id) "
            "where is_study"
        ).fetchone()
    assert flags == [
        ("champion_blend", True, False),
        ("study_learning_curve", False, True),
        ("study_wide_search", False, True),
    ]
    assert kept == (len(studies["model_metrics"]),)
