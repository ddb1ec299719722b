"""The longer studies: what they measure, and that their runs live beside those of builds."""

from __future__ import annotations

import shutil
from dataclasses import replace

import duckdb
import numpy as np
import pandas as pd
import pytest

from ml import add_studies, run, train_studies
from ml.judging.metrics import Metric
from ml.oxides import OXIDES, close
from ml.studies import study
from ml.studies.settings import StudySettings
from ml.studies.study import (
    STUDIES,
    StudyData,
    learning_curve,
    mineral_labels,
    mineral_permutations,
    reference_keras,
)

SHORT = StudySettings(
    keras_seeds=2,
    keras_epochs=3,
    patience=1,
    curve_sites=(6, 7),
    repeats=1,
    wide_widths=((4,), (4, 2)),
    wide_weight_decays=(3.0,),
    wide_steps=((0.01, 20),),
    permutations=3,
)

NO_VARIANTS = pd.DataFrame(columns=["variant", "project_id", "mineral", "mineral_group"])


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


@pytest.mark.slow("the reference study's network is trained with Keras as its authors did")
def test_both_variants_of_the_reference_stand_beside_the_mean(dataset, published_table, tiny):
    metrics = list(reference_keras(StudyData(dataset, published_table, NO_VARIANTS), tiny, SHORT))
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
    metrics = list(learning_curve(StudyData(dataset, None, NO_VARIANTS), tiny, SHORT))
    assert {m.protocol for m in metrics} == {"learning_curve"}
    assert [m.stratum for m in metrics] == [("training_sites", "6")] * 4 + [("training_sites", "7")] * 4


@pytest.mark.slow("doubtful mineral labels are varied, and what that does is measured")
def test_variants_of_labels_are_judged_beside_the_labels(marts, dataset, tiny):
    data = StudyData(dataset, None, marts["fct_mineral_label_variants"])
    metrics = list(mineral_labels(data, tiny, SHORT))
    assert {m.stratum.kind for m in metrics} == {"label_variant"}
    errors = {(m.model_name, m.stratum.name): m.value for m in metrics if m.metric == "rmse_pct"}
    strata = {"as_labelled", "hidden", "stated_only", "doubtful", "unread"}
    assert {stratum for _, stratum in errors} == strata
    for model in ("host_mean_shrunk", "gaussian_process", "champion_blend"):
        assert len({errors[model, stratum] for stratum in strata - {"unread"}}) == 4
    moved = {(m.stratum.name, m.metric): m for m in metrics if m.metric != "rmse_pct"}
    # Only the variant that relabels an unmeasured project says what that does to its prediction.
    assert set(moved) == {
        ("doubtful", "relabelled_mean_before_pct"),
        ("doubtful", "relabelled_mean_after_pct"),
    }
    before, after = (metric.value for metric in moved.values())
    assert before != after
    assert {metric.projects for metric in moved.values()} == {1}


def test_a_variant_changes_its_own_projects_alone(marts, dataset):
    rows = marts["fct_mineral_label_variants"].query("variant == 'doubtful'")
    changed = study._relabelled(dataset, rows)
    differs = (changed.features["host_mineral"] != dataset.features["host_mineral"]) & (
        changed.features["host_mineral"].notna() | dataset.features["host_mineral"].notna()
    )
    assert list(changed.project_ids[differs]) == list(rows["project_id"])
    assert set(changed.features.loc[differs, "mineral_confidence"]) == {"inferred"}


def test_shuffles_stay_within_families_and_labels_that_decide_are_no_chance(many_projects, tiny):
    order = study._order_within(many_projects.families, np.random.default_rng(0))
    assert not np.array_equal(order, np.arange(len(order)))
    assert np.array_equal(many_projects.families[order], many_projects.families)
    hosts = np.array(["monazite", "xenotime"], dtype=object)[np.arange(len(many_projects)) % 2]
    tilt = np.where((hosts == "xenotime")[:, None], np.linspace(0.2, 3, 15), 1.0)
    labels = {"host_mineral": hosts, "host_group": hosts, "mineral_confidence": "stated"}
    tilted = close(many_projects.shares * tilt)
    decided = replace(
        many_projects,
        shares=tilted,
        stored_shares=tilted,
        features=many_projects.features.assign(**labels),
    )
    found = {}
    for name, table in {
        "decides": decided,
        "says nothing": replace(
            decided, shares=many_projects.shares, stored_shares=many_projects.stored_shares
        ),
    }.items():
        data = StudyData(table, None, NO_VARIANTS)
        for metric in mineral_permutations(data, tiny, replace(SHORT, permutations=19)):
            found[name, metric.model_name, metric.metric] = metric.value
    for model in ("host_mean_shrunk", "gaussian_process"):
        assert found["decides", model, "permutation_p_value"] == 1 / 20
        assert found["says nothing", model, "permutation_p_value"] > 1 / 20
        assert found["decides", model, "rmse_pct"] < found["decides", model, "shuffled_rmse_least_pct"]


@pytest.mark.slow("all studies train, and their runs live beside those of builds, which still reuse theirs")
def test_studies_are_kept_by_later_builds_which_still_reuse_theirs(
    published, tmp_path, tiny, marts, write_marts, monkeypatch
):
    path, first = published
    file, later = tmp_path / "ree.duckdb", tmp_path / "later.duckdb"
    shutil.copy(path, file)
    studies = train_studies(file, settings=tiny, study_settings=SHORT)
    # The made-up marts come without the table as published, so there is no reference to repeat.
    assert list(studies["model_runs"]["model_name"]) == list(STUDIES)[1:]
    add_studies(file, studies)
    assert train_studies(file, settings=tiny, study_settings=SHORT)["model_runs"].empty
    other = replace(SHORT, curve_sites=(6,))
    # What they find is not looked at here: they are to run again.
    metric = Metric("made_up", "learning_curve", "rmse_pct", "all", 5.0, 0.5)
    monkeypatch.setattr(study, "STUDIES", dict.fromkeys(list(STUDIES)[1:], lambda *_: iter([metric])))
    assert len(train_studies(file, settings=tiny, study_settings=other)["model_runs"]) == 4

    write_marts(later, marts)
    again = run(later, previous_file=file, settings=tiny)
    assert (again.reused, again.model_run_id, again.runs_kept) == (True, first.model_run_id, 5)
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
        ("study_mineral_labels", False, True),
        ("study_mineral_permutations", False, True),
        ("study_wide_search", False, True),
    ]
    assert kept == (len(studies["model_metrics"]),)
