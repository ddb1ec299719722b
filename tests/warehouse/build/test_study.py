"""Adding studies to a published file: all or nothing, beside the current run."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

import ml.studies.study
from ml.judging.metrics import Metric, Stratum
from warehouse.build.run import BuildSummary
from warehouse.build.studies import RESULTS, run_studies
from warehouse.errors import GateFailedError, ReeError
from warehouse.file.query import ask


@pytest.fixture
def one_short_study(monkeypatch: pytest.MonkeyPatch) -> None:
    stratum = Stratum("training_sites", "20")
    metric = Metric("made_up", "learning_curve", "rmse_pct", "all", 5.0, 0.5, stratum, projects=64)
    monkeypatch.setattr(ml.studies.study, "STUDIES", {"study_made_up": lambda *_: iter([metric])})


@pytest.mark.slow("a study's run goes through dbt and the gates into the marts, beside the current run")
@pytest.mark.usefixtures("one_short_study")
def test_a_study_reaches_the_marts_once_and_leaves_the_current_run(
    built: BuildSummary, tmp_path: Path
) -> None:
    file = tmp_path / "ree.duckdb"
    shutil.copyfile(built.output, file)
    current = "select model_run_id from marts.dim_model_runs where is_current"
    predictions = "select sum(hash(predictions)) from marts.fct_composition_predictions as predictions"
    before = [ask(file, query).rows for query in (current, predictions)]
    (run_id,) = run_studies(file, lambda line: None)
    assert [ask(file, query).rows for query in (current, predictions)] == before
    assert ask(file, RESULTS).rows == [
        ("study_made_up", "made_up", "learning_curve", "training_sites", "20", "rmse_pct", 5.0, 0.5, 64)
    ]
    assert ask(file, f"select is_study from ml.model_runs where model_run_id = '{run_id}'").rows == [(True,)]
    assert run_studies(file, lambda line: None) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ree.duckdb", "ree.duckdb.sha256"]


@pytest.mark.usefixtures("one_short_study")
def test_a_study_that_breaks_a_mart_leaves_the_file_alone(
    built: BuildSummary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "ree.duckdb"
    shutil.copyfile(built.output, file)
    before = file.read_bytes()

    def damaged(copy: Path, *_: object) -> None:
        with duckdb.connect(str(copy)) as connection:
            connection.execute("update marts.rpt_model_league set minus_training_mean_pct = 1")

    monkeypatch.setattr("warehouse.build.studies.run_dbt", damaged)
    with pytest.raises(GateFailedError):
        run_studies(file, lambda line: None)
    assert file.read_bytes() == before


def test_a_study_needs_a_published_file(tmp_path: Path) -> None:
    with pytest.raises(ReeError, match="there is no published file"):
        run_studies(tmp_path / "none.duckdb", lambda line: None)
