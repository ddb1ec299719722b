"""What the warehouse asks for: train or reuse a run, predict sites, run studies.

Only the order of steps is here. Training libraries are imported only if something is trained.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from ml.dataset import AMOUNT_COLUMNS, Dataset, Frames, build_dataset, build_sites, dataset_of_sites, stack
from ml.errors import PipelineError
from ml.oxides import OXIDES
from ml.settings import Settings
from ml.store import keys, marts, runs
from ml.studies.settings import StudySettings

if TYPE_CHECKING:
    from ml.judging.prediction import Predictions

DRAWS: Final = 200
"""Whole compositions drawn for each project that is not measured."""


@dataclass(frozen=True)
class RunSummary:
    """What a call of `run` came to.

    Attributes:
        model_run_id: The current run.
        reused: Whether it was trained earlier and copied.
        seconds: Wall-clock time of the call.
        training_rows: Projects that models learn from.
        predicted_projects: Projects with predictions in the current run.
        runs_kept: Runs in the tables, the current one included.
        rmse_pct: Grouped out-of-fold RMSE of the current run's model, per cent of TREO.
        rmse_standard_error_pct: Its standard error by bootstrap over sites.
        mean_rmse_pct: The same error for predicting the training mean.
        set_aside: One sentence where the previous file holds runs that are not kept; else None.
    """

    model_run_id: str
    reused: bool
    seconds: float
    training_rows: int
    predicted_projects: int
    runs_kept: int
    rmse_pct: float
    rmse_standard_error_pct: float
    mean_rmse_pct: float
    set_aside: str | None = None


def run(
    database_file: Path,
    *,
    previous_file: Path | None,
    retrain: bool = False,
    settings: Settings = Settings(),  # noqa: B008 - frozen, so a shared default is safe
    draws: int = DRAWS,
    progress: Callable[[str], None] | None = None,
) -> RunSummary:
    """Fill schema `ml` of a database: train the models, or reuse a run with the same key.

    Args:
        database_file: DuckDB file being built; its marts are read and its `ml` tables replaced.
        previous_file: DuckDB file published last, whose runs are kept; None or a path that does
            not exist if there is none.
        retrain: Train even if a run with the same key exists.
        settings: What to train and judge with.
        draws: Whole compositions to draw for each project that is not measured. They follow from the run, so
            they are no part of its key.
        progress: Called with one line per step.

    Returns:
        Which run is current and how good it is.

    Raises:
        PipelineError: If a mart is missing or unusable, or the previous file cannot be read.
    """
    started = time.perf_counter()
    say = progress or (lambda line: None)
    database = marts.open_file(database_file, read_only=False)
    read = _read(database, settings)
    run_key = keys.run_key(read.sha256, settings)
    history, set_aside = runs.read_history(previous_file), runs.set_aside(previous_file)
    run_id = None if retrain else runs.latest_with_key(history, run_key)
    is_reused = run_id is not None
    if run_id is None:
        run_id = runs.new_run_id(run_key, history)
        fresh = _trained(read, settings, say)
        row = runs.run_row(settings, read.sha256, run_key, read.dataset)
        fresh["model_runs"] = row.assign(chosen=fresh["model_runs"]["chosen"])
        named = {name: frame.assign(model_run_id=run_id) for name, frame in fresh.items()}
        history = runs.with_rows(history, named)
    else:
        say(f"nothing changed, reusing {run_id}")
    history["model_runs"]["is_current"] = history["model_runs"]["model_run_id"] == run_id
    say("writing predictions")
    runs.write(database, history)
    runs.write_draws(database, _drawn(database, read, run_id, settings, draws))
    summary = _summary(history, run_id, is_reused, time.perf_counter() - started)
    return replace(summary, set_aside=set_aside)


def _drawn(
    database: marts.Database, read: _Read, run_id: str, settings: Settings, draws: int
) -> pd.DataFrame:
    """Draw compositions from what a run predicts: of projects, and of sites whose grade or resource is known.

    Of other sites nothing can be weighed, and they are hundreds.
    """
    from ml.judging.calibration import KEPT_VARIANTS, Calibration
    from ml.judging.simulation import Simulator, draw_compositions, kept_shares

    dataset = read.dataset if read.sites is None else stack(read.dataset, read.sites)
    measured = dataset.rows(dataset.is_measured)
    calibration = Calibration(runs.read_out_of_fold(database, run_id, measured, KEPT_VARIANTS))
    predicted = runs.read_predictions(database, run_id, dataset)
    is_project = np.arange(len(dataset)) < len(read.dataset)
    has_amount = dataset.features[list(AMOUNT_COLUMNS)].notna().to_numpy().any(axis=1)
    rows = np.flatnonzero(~dataset.is_measured & (is_project | has_amount))
    simulator, kept = Simulator(dataset, calibration, settings), kept_shares(dataset, predicted)
    spreads = [simulator.spread(row, predicted[row], kept[row]) for row in rows.tolist()]
    ids, sites = dataset.project_ids[rows], dataset.site_ids[rows]
    return draw_compositions(spreads, ids, sites, settings.seed, draws).assign(model_run_id=run_id)


def predict_sites(published_file: Path, sites: pd.DataFrame) -> pd.DataFrame:
    """Predict sites of a user's own with the current run of a published file.

    The run's models are trained again from the file's own rows, settings and seed, which takes
    seconds and gives the models the run had: a file that stores no code cannot run any.

    Args:
        published_file: The published DuckDB file.
        sites: Columns `ml.dataset.SITE_COLUMNS`.

    Returns:
        One row per site and oxide: `row` (position in `sites`), `oxide`, `predicted_pct`, the four
        interval ends, `is_extrapolated` (see `ml.judging.prediction.Predictions`) and `mineral_basis`:
        `given`, or `none` where no host was given, or one of a group that no measured project of another
        site has. The 15 predictions of a site sum to 100; known shares are kept.

    Raises:
        PipelineError: If the file holds no run that this version can repeat.
    """
    predicted, table, _ = _predicted(published_file, sites)
    frame = predicted.oxide_frame(table)
    frame.insert(0, "row", np.repeat(np.arange(len(sites)), len(OXIDES)))
    ends = ["lower_80_pct", "upper_80_pct", "lower_90_pct", "upper_90_pct"]
    said = ["is_extrapolated", "mineral_basis"]
    return frame[["row", "oxide", "predicted_pct", *ends, *said]].reset_index(drop=True)


def draw_sites(published_file: Path, sites: pd.DataFrame, draws: int) -> pd.DataFrame:
    """Draw whole compositions of sites of a user's own.

    Args:
        published_file: The published DuckDB file.
        sites: Columns `ml.dataset.SITE_COLUMNS`.
        draws: Compositions per site.

    Returns:
        One row per site, oxide and draw (from 1): `row` (position in `sites`), `oxide`, `draw`, `share_pct`.
        Known shares are the same in all draws; intervals of `predict_sites` are quantiles of those.

    Raises:
        PipelineError: If the file holds no run that this version can repeat.
    """
    from ml.judging.simulation import draw_compositions

    predicted, table, seed = _predicted(published_file, sites)
    rows = np.arange(len(sites)).astype(object)
    frame = draw_compositions(predicted.spreads, rows, table.site_ids, seed, draws)
    return frame.rename(columns={"subject_id": "row"}).astype({"row": int})


def _predicted(published_file: Path, sites: pd.DataFrame) -> tuple[Predictions, Dataset, int]:
    """Predict sites of a user's own; returns them in the form of a dataset too, and the run's seed."""
    from ml.judging.calibration import KEPT_VARIANTS, Calibration
    from ml.judging.prediction import predict_all

    database = marts.open_file(published_file)
    dataset = _dataset(marts.read_marts(database))
    measured = dataset.rows(dataset.is_measured)
    with marts.refusing("cannot read the published file"):
        settings, run_id = runs.current_run(database)
        calibration = Calibration(runs.read_out_of_fold(database, run_id, measured, KEPT_VARIANTS))
    asked = dataset_of_sites(sites)
    predicted = predict_all(stack(measured, asked), calibration, settings, as_given=True)
    return predicted.rows(slice(len(measured), None)), asked, settings.seed


def train_studies(
    published_file: Path,
    *,
    settings: Settings = Settings(),  # noqa: B008 - frozen, so a shared default is safe
    study_settings: StudySettings = StudySettings(),  # noqa: B008
    progress: Callable[[str], None] | None = None,
) -> Frames:
    """Run the studies whose key a published file does not hold yet.

    Args:
        published_file: DuckDB file, only read.
        settings: What builds are trained and judged with.
        study_settings: What the studies vary.
        progress: Called with one line per study.

    Returns:
        Rows to add to `model_runs` and `model_metrics`, for `add_studies`; empty frames if all are there.

    Raises:
        PipelineError: If the file cannot be read or holds too little.
    """
    from ml.models.learners import TooFewRowsError
    from ml.studies import study

    say = progress or (lambda line: None)
    database = marts.open_file(published_file)
    read = _read(database, settings)
    variants = marts.read_variants(database)
    data = study.StudyData(read.dataset, read.reference_inputs, variants)
    sha256 = keys.data_sha256({**read.frames, "variants": variants})
    history = _own_history(published_file)
    added: Frames = {"model_runs": pd.DataFrame(), "model_metrics": pd.DataFrame()}
    for name, chosen in study.STUDIES.items():
        values = {"study": name, **asdict(study_settings), "settings": json.loads(settings.to_json())}
        hyperparameters = json.dumps(values, sort_keys=True, separators=(",", ":"))
        run_key = keys.study_key(sha256, settings, hyperparameters)
        if runs.latest_with_key(history, run_key) is not None:
            say(f"{name}: nothing changed, kept")
            continue
        say(f"{name}: training")
        try:
            metrics = pd.DataFrame([metric.row() for metric in chosen(data, settings, study_settings)])
        except TooFewRowsError as error:
            raise PipelineError(f"{error}; {name} needs more compositions") from error
        if metrics.empty:
            continue
        run_id = runs.new_run_id(run_key, history)
        row = runs.run_row(
            settings,
            sha256,
            run_key,
            read.dataset,
            model_run_id=run_id,
            model_name=name,
            hyperparameters=hyperparameters,
            is_study=True,
        )
        added["model_runs"] = pd.concat([added["model_runs"], row], ignore_index=True)
        metrics = metrics.assign(model_run_id=run_id)
        added["model_metrics"] = pd.concat([added["model_metrics"], metrics], ignore_index=True)
    return added


def add_studies(file: Path, studies: Frames) -> None:
    """Add what `train_studies` gave to the tables of a DuckDB file; the current run stays current.

    Args:
        file: The file to write to, not open elsewhere.
        studies: Rows for `model_runs` and `model_metrics`.
    """
    runs.write(marts.open_file(file, read_only=False), runs.with_rows(_own_history(file), studies))


def _own_history(file: Path) -> Frames:
    """Read the runs of a file that is to be added to."""
    if set_aside := runs.set_aside(file):
        raise PipelineError(set_aside)
    return runs.read_history(file)


@dataclass(frozen=True, eq=False)
class _Read:
    """What a run is made of: the rows read, and the dataset they make."""

    frames: Frames
    dataset: Dataset
    reference_inputs: pd.DataFrame | None
    site_frames: Frames
    sites: Dataset | None

    @property
    def sha256(self) -> str:
        return keys.data_sha256({**self.frames, **self.site_frames})


def _read(database: marts.Database, settings: Settings) -> _Read:
    frames = marts.read_marts(database)
    dataset = _dataset(frames)
    sites = len(set(dataset.site_ids[dataset.is_trainable]))
    if sites < settings.folds:
        raise PipelineError(
            f"only {sites} sites have a full composition, {settings.folds} or more are needed "
            "to train and judge a model"
        )
    inputs = marts.read_reference_inputs(database, dataset.project_ids)
    site_frames = marts.read_sites(database)
    return _Read(
        frames if inputs is None else {**frames, "reference_inputs": inputs},
        dataset,
        inputs,
        site_frames,
        _sites(frames, site_frames),
    )


def _dataset(frames: Frames) -> Dataset:
    try:
        return build_dataset(*(frames[name] for name in marts.MARTS))
    except ValueError as error:
        raise PipelineError(f"the marts do not fit together: {error}") from error


def _sites(frames: Frames, site_frames: Frames) -> Dataset | None:
    """Make a dataset of the sites that no project is of; None if there is none to predict."""
    if not site_frames:
        return None
    try:
        sites = build_sites(
            site_frames["dim_sites"], frames["dim_deposit_types"], site_frames["fct_site_minerals"]
        )
    except ValueError as error:
        raise PipelineError(f"the marts of sites do not fit together: {error}") from error
    return sites if len(sites) else None


def _trained(read: _Read, settings: Settings, say: Callable[[str], None]) -> Frames:
    from ml.training import TooFewRowsError, train

    try:
        return train(read.dataset, read.reference_inputs, read.sites, settings, say)
    except TooFewRowsError as error:
        raise PipelineError(f"{error}; publish more compositions or lower min_training_sites") from error


def _summary(history: Frames, run_id: str, is_reused: bool, seconds: float) -> RunSummary:
    by_run = {name: history[name][history[name]["model_run_id"] == run_id] for name in history}
    metrics = by_run["model_metrics"]
    is_headline = (
        (metrics["protocol"] == "grouped_cv")
        & (metrics["metric"] == "rmse_pct")
        & (metrics["target"] == "all")
        & (metrics["stratum_kind"] == "all")
    )
    headline = metrics[is_headline].set_index("model_name").astype({"value": float})
    rmse, error = headline["value"].to_dict(), headline["standard_error"].to_dict()
    run = by_run["model_runs"].iloc[0]
    return RunSummary(
        model_run_id=run_id,
        reused=is_reused,
        seconds=seconds,
        training_rows=int(run["training_rows"]),
        predicted_projects=int(by_run["composition_predictions"]["project_id"].nunique()),
        runs_kept=len(history["model_runs"]),
        rmse_pct=rmse[run["model_name"]],
        rmse_standard_error_pct=float(error[run["model_name"]]),
        mean_rmse_pct=rmse["training_mean"],
    )
