"""The front door on a small database: train, reuse, retrain, keep every run."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace

import duckdb
import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa

from ml import PipelineError, add_studies, run
from ml.oxides import HREE, OXIDES
from ml.settings import CHAMPION
from ml.store import tables

pytestmark = pytest.mark.slow("a run is trained, reused, kept or set aside as its key and its file say")


def read(path, query: str) -> pd.DataFrame:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(query).df()


def test_first_run_predicts_every_project(published):
    path, summary = published
    assert (summary.reused, summary.training_rows, summary.predicted_projects) == (False, 24, 30)
    rows = read(path, "select * from ml.composition_predictions")
    assert len(rows) == 30 * len(OXIDES)
    sums = rows.groupby("project_id")["predicted_pct"].sum()
    np.testing.assert_allclose(sums, 100.0, atol=1e-6)
    ordered = rows["lower_90_pct"].le(rows["lower_80_pct"]) & rows["lower_80_pct"].le(rows["predicted_pct"])
    assert ordered.all()
    assert rows["upper_80_pct"].le(rows["upper_90_pct"]).all()
    kinds = rows.groupby("prediction_kind")["project_id"].nunique().to_dict()
    assert kinds == {"out_of_fold": 24, "unlabelled": 5, "completed": 1}


def test_a_site_like_a_project_is_predicted_like_it_and_one_of_which_nothing_is_known_is_not(published):
    ends = "predicted_pct, lower_80_pct, upper_80_pct, lower_90_pct, upper_90_pct"
    said = f"oxide, {ends}, is_extrapolated, mineral_basis"
    sites = read(
        published[0], f"select right(site_id, 3) as name, {said} from ml.site_predictions order by all"
    )
    projects = read(
        published[0],
        f"select right(project_id, 3) as name, {said} from ml.composition_predictions "
        "where prediction_kind = 'unlabelled' order by all",
    )
    assert sites["name"].unique().tolist() == ["024", "025", "026", "027", "028"]
    pd.testing.assert_frame_equal(sites, projects, rtol=1e-6)


def test_sites_are_drawn_whose_amount_is_known(published):
    drawn = read(published[0], "select distinct subject_id from ml.composition_draws order by 1")
    named = [f"made-p{number:03d}" for number in range(24, 30)]
    assert drawn["subject_id"].tolist() == [*named, *(f"other-{number:03d}" for number in range(24, 29))]


def test_completed_project_keeps_its_known_shares(published, marts):
    path, _ = published
    known = marts["fct_compositions"].dropna(subset="share_of_treo_pct")
    known = known[known["project_id"] == "made-p029"].set_index("oxide")["share_of_treo_pct"]
    rows = read(path, "select * from ml.composition_predictions where project_id = 'made-p029'")
    predicted = rows.set_index("oxide")["predicted_pct"]
    np.testing.assert_allclose(predicted[known.index], known, atol=1e-9)


def test_metrics_have_both_protocols_and_all_models(published):
    metrics = read(published[0], "select * from ml.model_metrics")
    assert {"grouped_cv", "random_cv", "leave_one_project_out"} <= set(metrics["protocol"])
    assert {"training_mean", "mlp_ensemble", CHAMPION} <= set(metrics["model_name"])
    assert metrics["value"].notna().all()


def test_progress_is_told(published, tmp_path, tiny, marts, write_marts):
    aside, lines = tmp_path / "ree.duckdb", []
    write_marts(aside, marts)
    run(aside, previous_file=published[0], settings=tiny, progress=lines.append)
    assert any("reusing" in line for line in lines)


def test_second_run_reuses_without_tensorflow(published, tmp_path, tiny, marts, write_marts):
    path, first = published
    aside = tmp_path / "ree.duckdb"
    write_marts(aside, marts)
    code = (
        "import sys; from pathlib import Path; from ml import Settings, run; "
        f"s = run(Path({str(aside)!r}), previous_file=Path({str(path)!r}), settings={tiny!r}); "
        "assert s.reused; assert 'tensorflow' not in sys.modules; print(s.model_run_id)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == first.model_run_id
    for table in ("composition_predictions", "composition_draws"):
        query = f"select * from ml.{table} order by all"
        assert len(read(path, query)) > 0
        pd.testing.assert_frame_equal(read(path, query), read(aside, query))


def test_changed_data_retrains_and_keeps_the_old_run(published, taught, tmp_path, tiny, marts, write_marts):
    path, first = published
    changed = dict(marts)
    changed["dim_projects"] = marts["dim_projects"].copy()
    changed["dim_projects"].loc[0, "grade_treo_wt_pct"] = 7.77
    aside = tmp_path / "ree.duckdb"
    write_marts(aside, changed)
    second = run(aside, previous_file=path, settings=tiny)
    assert not second.reused
    assert [dataset.features["grade_treo_wt_pct"][0] for dataset in taught] == [7.77]
    assert second.model_run_id != first.model_run_id
    runs = read(aside, "select model_run_id, is_current from ml.model_runs")
    assert dict(runs.values) == {first.model_run_id: False, second.model_run_id: True}


@pytest.mark.slow("training twice from the same rows and seed gives the same numbers to the last bit")
def test_retrain_gives_the_same_numbers_under_a_new_id(published, tmp_path, tiny, marts, write_marts):
    path, first = published
    aside = tmp_path / "ree.duckdb"
    shutil.copy(path, aside)
    again = run(aside, previous_file=path, retrain=True, settings=tiny)
    assert (again.reused, again.model_run_id) == (False, f"{first.model_run_id}-2")
    spread = read(
        aside,
        "select max(high - low) as gap from (select max(predicted_pct) as high, "
        "min(predicted_pct) as low from ml.composition_predictions group by project_id, oxide)",
    )
    assert spread["gap"][0] == 0.0
    columns = "* exclude (model_run_id)"
    query = "select " + columns + " from ml.model_metrics where model_run_id = '{}' order by all"
    first_metrics, again_metrics = (
        read(aside, query.format(run_id)) for run_id in (first.model_run_id, again.model_run_id)
    )
    pd.testing.assert_frame_equal(first_metrics, again_metrics, check_exact=True)


def test_other_settings_are_another_key(published, taught, tmp_path, tiny, marts, write_marts):
    path, first = published
    aside = tmp_path / "ree.duckdb"
    write_marts(aside, marts)
    other = run(aside, previous_file=path, settings=replace(tiny, seed=1))
    assert (other.reused, len(taught)) == (False, 1)
    assert other.model_run_id != first.model_run_id


def test_previous_file_without_runs_is_an_empty_history(taught, tmp_path, tiny, marts, write_marts):
    older = tmp_path / "older.duckdb"
    write_marts(older, marts)
    summary = run(older, previous_file=older, settings=tiny)
    assert (summary.runs_kept, len(taught)) == (1, 1)


def test_failures_are_one_clear_sentence(tmp_path, tiny, marts, write_marts):
    empty = tmp_path / "empty.duckdb"
    with pytest.raises(PipelineError, match=r"marts\.dim_projects"):
        run(empty, previous_file=None, settings=tiny)
    few = dict(marts)
    few["dim_projects"] = marts["dim_projects"].assign(has_full_composition=False)
    write_marts(tmp_path / "few.duckdb", few)
    with pytest.raises(PipelineError, match="0 sites"):
        run(tmp_path / "few.duckdb", previous_file=None, settings=tiny)
    damaged = tmp_path / "damaged.duckdb"
    damaged.write_bytes(b"not a database" * 1000)
    write_marts(tmp_path / "new.duckdb", marts)
    with pytest.raises(PipelineError, match=r"damaged\.duckdb"):
        run(tmp_path / "new.duckdb", previous_file=damaged, settings=tiny)


def test_create_tables_is_repeatable_and_commented(tmp_path):
    # As in any folder of a user's own: a URL made by formatting would end, or mean something else.
    file = tmp_path / "is it #1 é" / "100% r%C3%A9e.duckdb"
    file.parent.mkdir()
    tables.create_tables(file)
    tables.create_tables(file)
    assert [made.name for made in file.parent.iterdir()] == [file.name]
    engine = sa.create_engine(sa.URL.create("duckdb", database=str(file)))
    columns = sa.inspect(engine).get_columns("model_runs", schema="ml")
    assert all(column["comment"] for column in columns)
    engine.dispose()


def test_refuses_too_few_sites_to_choose_on(tmp_path, tiny, marts, write_marts):
    path = tmp_path / "ree.duckdb"
    write_marts(path, marts)
    with pytest.raises(PipelineError, match=r"\d+ measured sites are too few to train the champion"):
        run(path, previous_file=None, settings=replace(tiny, min_training_sites=50))


def test_runs_without_a_column_that_may_be_null_are_kept(published, tmp_path, tiny, marts, write_marts):
    older, aside = tmp_path / "older.duckdb", tmp_path / "ree.duckdb"
    shutil.copy(published[0], older)
    with duckdb.connect(str(older)) as connection:
        connection.execute("drop table ml.group_predictions")
        connection.execute("alter table ml.model_metrics drop projects")
    write_marts(aside, marts)
    summary = run(aside, previous_file=older, settings=tiny)
    assert (summary.reused, summary.set_aside) == (True, None)
    assert read(aside, "select count(projects) as known from ml.model_metrics")["known"][0] == 0


def test_runs_of_another_layout_are_set_aside_in_one_sentence(published, tmp_path, tiny, marts, write_marts):
    older, aside = tmp_path / "older.duckdb", tmp_path / "ree.duckdb"
    shutil.copy(published[0], older)
    with duckdb.connect(str(older)) as connection:
        connection.execute("alter table ml.model_metrics drop stratum_kind")
    write_marts(aside, marts)
    summary = run(aside, previous_file=older, settings=tiny)
    assert (summary.reused, summary.runs_kept) == (False, 1)
    assert summary.set_aside == "the model runs in older.duckdb have an older layout and are not carried over"
    with pytest.raises(PipelineError, match=r"older\.duckdb have an older layout"):
        add_studies(older, {})


def test_a_metric_says_in_columns_what_it_is_taken_over(published):
    metrics = read(published[0], "select * from ml.model_metrics")
    is_whole = metrics["stratum_kind"] == "all"
    assert (metrics["stratum"].eq("all") == is_whole).all()
    sorted_by = {"all", "family", "host_group", "mineral_basis"}
    headline = {"yttrium_hosts", "unmeasured", "measured"}
    assert set(metrics["stratum_kind"]) == sorted_by | headline
    levels = metrics.groupby("metric")["interval_level"].agg(lambda own: set(own.dropna()))
    of_intervals = ["coverage", "mean_width_pct", "whole_coverage"]
    assert all(levels[metric] == {80, 90} for metric in of_intervals)
    assert not any(levels.drop(of_intervals))
    parts = r"family|host|basis|hidden|minus|mean_shrunk|80|90"
    assert not metrics["metric"].str.contains(parts).any(), "a column of its own says this"


def test_a_difference_names_both_sides_and_is_theirs(published):
    metrics = read(published[0], "select * from ml.model_metrics")
    place = ["model_name", "protocol", "stratum_kind", "stratum"]
    errors = metrics.query("metric == 'rmse_pct' and target == 'all'").set_index(place)["value"]
    differences = metrics[metrics["compared_model_name"].notna()]
    assert set(differences["metric"]) == {"rmse_difference_pct"}
    pairs = set(zip(differences["model_name"], differences["compared_model_name"], strict=True))
    assert {("mlp_ensemble", CHAMPION), ("mlp_ensemble", "training_mean"), (CHAMPION, CHAMPION)} <= pairs
    for row in differences.to_dict("records"):
        own = errors[tuple(row[name] for name in place)]
        other = errors[row["compared_model_name"], row["compared_protocol"], *(row[n] for n in place[2:])]
        assert row["value"] == pytest.approx(own - other, abs=1e-9)


def test_sums_have_intervals_of_their_own(published):
    rows = read(published[0], "select * from ml.group_predictions")
    assert len(rows) == 30 * 3
    oxides = read(published[0], "select * from ml.composition_predictions where project_id = 'made-p001'")
    own = rows[rows["project_id"] == "made-p001"].set_index("target")
    expected = oxides[oxides["oxide"].isin(HREE)]["predicted_pct"].sum()
    assert own.loc["hree", "predicted_pct"] == pytest.approx(expected)
    assert (rows["lower_90_pct"] >= 0.0).all()
    assert (rows["upper_90_pct"] <= 100.0).all()
