"""The front door: read the marts, train or reuse a run, write the tables of schema `ml`.

This is the only module that knows tables. TensorFlow is imported only if a run is trained.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from ml.dataset import FEATURE_COLUMNS, Dataset, build_dataset, stack
from ml.oxides import OXIDES, FloatArray
from ml.settings import CHAMPION, Settings
from ml.store import tables

if TYPE_CHECKING:
    from ml.studies.study import StudySettings

MART_COLUMNS: dict[str, tuple[str, ...]] = {
    "dim_projects": (
        "project_id",
        "site_id",
        "deposit_type_id",
        "resource_treo_t",
        "grade_treo_wt_pct",
        "hree_reported_pct",
        "has_full_composition",
    ),
    "dim_deposit_types": ("deposit_type_id", "deposit_family", "is_tailings"),
    "fct_compositions": ("project_id", "oxide", "share_of_treo_pct", "value_status"),
    "fct_project_minerals": ("project_id", "mineral", "rank", "mineral_group", "confidence"),
}
"""What is read of each mart, and so what a run's data hash covers."""

VARIANTS_TABLE = "fct_mineral_label_variants"
"""Labels as another reader could have set them, for studies."""

REFERENCE_TABLE = "liu_2023__projects"
REFERENCE_COLUMNS: tuple[str, ...] = (
    "project_number",
    "location",
    "continent",
    "deposit_type",
    "status_2022",
    "hree_pct",
    *(f"{oxide.lower()}_pct" for oxide in OXIDES),
)
"""What is read of the table as published, which the reference study is repeated on."""

KEYED_LIBRARIES = ("lightgbm", "numpy", "pandas", "scikit-learn", "scipy", "tensorflow", "tensorflow-cpu")

Frames = dict[str, pd.DataFrame]


class PipelineError(Exception):
    """The step cannot be done; the message is one sentence that says what to do."""


@dataclass(frozen=True)
class RunSummary:
    """What a call of `run` came to.

    Attributes:
        model_run_id: The current run.
        reused: Whether it was trained earlier and copied.
        seconds: Wall-clock time of the call.
        training_rows: Projects with a full composition.
        predicted_projects: Projects with predictions in the current run.
        runs_kept: Runs in the tables, the current one included.
        rmse_pct: Grouped out-of-fold RMSE of the current run's model, per cent of TREO.
        rmse_standard_error_pct: Its standard error by bootstrap over sites.
        mean_rmse_pct: The same error for predicting the training mean.
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


def run(
    database_url: str,
    *,
    previous_file: Path | None,
    retrain: bool = False,
    settings: Settings = Settings(),  # noqa: B008 - frozen, so a shared default is safe
    progress: Callable[[str], None] | None = None,
) -> RunSummary:
    """Fill schema `ml` of a database: train the models, or reuse a run with the same key.

    Args:
        database_url: SQLAlchemy URL of the database being built; its marts are read and its
            `ml` tables replaced, in one transaction.
        previous_file: DuckDB file published last, whose runs are kept; None or a path that does
            not exist if there is none.
        retrain: Train even if a run with the same key exists.
        settings: What to train and judge with.
        progress: Told one line per step.

    Returns:
        Which run is current and how good it is.

    Raises:
        PipelineError: If a mart is missing or unusable, or the previous file cannot be read.
    """
    started = time.perf_counter()
    say = progress or (lambda line: None)
    engine = sa.create_engine(database_url, poolclass=NullPool)
    marts = _read_marts(engine)
    dataset = _checked_dataset(marts, settings)
    published = _read_published(engine, dataset)
    read = marts if published is None else {**marts, "published": published}
    data_sha256 = _data_sha256(read)
    run_key = _run_key(data_sha256, settings)
    history = _read_history(previous_file)
    past = history["model_runs"]
    same_key = past[past["run_key"] == run_key].sort_values("trained_at")
    if len(same_key) and not retrain:
        run_id = str(same_key["model_run_id"].iloc[-1])
        say(f"nothing changed, reusing {run_id}")
    else:
        run_id = _new_run_id(run_key, set(past["model_run_id"]))
        fresh = _train(dataset, published, settings, say)
        chosen = fresh["model_runs"]["chosen"].iloc[0]
        fresh["model_runs"] = _run_row(settings, data_sha256, run_key, dataset).assign(chosen=chosen)
        for name, frame in fresh.items():
            frame.insert(0, "model_run_id", run_id)
            history[name] = pd.concat([history[name], frame]) if len(history[name]) else frame
    history["model_runs"]["is_current"] = history["model_runs"]["model_run_id"] == run_id
    say("writing predictions")
    _write(engine, history)
    seconds = time.perf_counter() - started
    return _summary(history, run_id, len(same_key) > 0 and not retrain, seconds)


def train_studies(
    published_file: Path,
    *,
    settings: Settings = Settings(),  # noqa: B008 - frozen, so a shared default is safe
    study_settings: StudySettings | None = None,
    progress: Callable[[str], None] | None = None,
) -> Frames:
    """Run the studies whose key a published file does not hold yet.

    Args:
        published_file: DuckDB file, only read.
        settings: What builds are trained and judged with.
        study_settings: What the studies vary; None for the defaults.
        progress: Told one line per study.

    Returns:
        Rows to add to `model_runs` and `model_metrics`, for `add_studies`; empty frames if all are there.

    Raises:
        PipelineError: If the file cannot be read or holds too little.
    """
    from ml.models.learners import TooFewRowsError
    from ml.studies.study import STUDIES, StudyData, StudySettings

    say = progress or (lambda line: None)
    chosen = study_settings or StudySettings()
    engine = sa.create_engine(
        f"duckdb:///{published_file}", connect_args={"read_only": True}, poolclass=NullPool
    )
    marts = _read_marts(engine)
    dataset = _checked_dataset(marts, settings)
    published = _read_published(engine, dataset)
    variants = _read_variants(engine)
    read = {**marts, "variants": variants}
    data_sha256 = _data_sha256(read if published is None else {**read, "published": published})
    if published is not None:
        dataset = replace(dataset, reference_inputs=_reference_codes(published))
    past = _read_history(published_file)["model_runs"]
    taken = set(past["model_run_id"])
    data = StudyData(dataset, published, variants)
    runs, metrics = [], []
    for name, study in STUDIES.items():
        values = {"study": name, **asdict(chosen), "settings": json.loads(settings.to_json())}
        hyperparameters = json.dumps(values, sort_keys=True, separators=(",", ":"))
        run_key = hashlib.sha256(f"{_run_key(data_sha256, settings)}{hyperparameters}".encode()).hexdigest()
        if (past["run_key"] == run_key).any():
            say(f"{name}: nothing changed, kept")
            continue
        say(f"{name}: training")
        try:
            found = pd.DataFrame([vars(metric) for metric in study(data, settings, chosen)])
        except TooFewRowsError as error:
            raise PipelineError(f"{error}; {name} needs more compositions") from error
        if found.empty:
            continue
        run_id = _new_run_id(run_key, taken)
        row = _run_row(settings, data_sha256, run_key, dataset).assign(
            model_run_id=run_id,
            model_name=name,
            hyperparameters=hyperparameters,
            is_current=False,
            is_study=True,
        )
        runs.append(row)
        metrics.append(found.assign(model_run_id=run_id))
    return {
        "model_runs": pd.concat(runs, ignore_index=True) if runs else pd.DataFrame(),
        "model_metrics": pd.concat(metrics, ignore_index=True) if metrics else pd.DataFrame(),
    }


def add_studies(file: Path, studies: Frames) -> None:
    """Add what `train_studies` gave to the tables of a DuckDB file; the current run stays current.

    Args:
        file: The file to write to, not open elsewhere.
        studies: Rows for `model_runs` and `model_metrics`.
    """
    frames = _read_history(file)
    for name, fresh in studies.items():
        if len(fresh):
            frames[name] = pd.concat([frames[name], fresh.reindex(columns=frames[name].columns)])
    _write(sa.create_engine(f"duckdb:///{file}", poolclass=NullPool), frames)


def _reference_codes(published: pd.DataFrame) -> FloatArray:
    from ml.studies.reference import reference_codes

    return reference_codes(published)


SITE_COLUMNS: tuple[str, ...] = (
    "site_id",
    "deposit_family",
    "is_tailings",
    "grade_treo_wt_pct",
    "resource_treo_t",
    "host_mineral",
    "host_group",
    *OXIDES,
)
"""What `predict_sites` is told of each site; all but `is_tailings` may be missing."""


def predict_sites(database_url: str, sites: pd.DataFrame) -> pd.DataFrame:
    """Predict sites of a user's own with the current run of a published file.

    The run's models are trained anew from the file's own rows, settings and seed, which takes
    seconds and gives the models the run had: a file that stores no code cannot run any.

    Args:
        database_url: SQLAlchemy URL of the published file.
        sites: Columns `SITE_COLUMNS`. `site_id` is that of a known site, for its siblings' sake,
            or None; amounts in wt-% TREO and t TREO; principal host mineral and its group as in
            `marts.dim_minerals`; known shares in per cent of TREO.

    Returns:
        One row per site and oxide: `row` (position in `sites`), `oxide`, `predicted_pct`, the four
        interval ends, `is_extrapolated` (see `ml.judging.prediction.Predictions`) and `mineral_basis`:
        `given`, or `none` where no host was given, or one of a group that no measured project has.
        The 15 predictions of a site sum to 100; known shares are kept.

    Raises:
        PipelineError: If the file holds no run that this version can repeat.
    """
    from ml.judging.prediction import Calibration, predict_all

    engine = sa.create_engine(database_url, connect_args={"read_only": True}, poolclass=NullPool)
    try:
        dataset = read_dataset(engine)
        measured = dataset.rows(dataset.is_measured)
        settings, run_id = _current_settings(engine)
        calibration = Calibration(_out_of_fold(engine, run_id, measured))
    except sa.exc.DBAPIError as error:
        reason = str(error.orig).splitlines()[0]
        raise PipelineError(f"cannot read the published file: {reason}") from error
    finally:
        engine.dispose()
    table = stack(measured, _as_dataset(sites))
    predicted = predict_all(table, calibration, settings, keep_odd=True)
    frame = predicted.oxide_frame(table).iloc[len(measured) * len(OXIDES) :]
    frame.insert(0, "row", np.repeat(np.arange(len(sites)), len(OXIDES)))
    ends = ["lower_80_pct", "upper_80_pct", "lower_90_pct", "upper_90_pct"]
    told = ["is_extrapolated", "mineral_basis"]
    return frame[["row", "oxide", "predicted_pct", *ends, *told]].reset_index(drop=True)


def _as_dataset(sites: pd.DataFrame) -> Dataset:
    """Put users' sites into the form of a dataset; a site without a known id is one of its own."""
    shares = sites[list(OXIDES)].to_numpy(dtype="float64", na_value=np.nan)
    ids = np.array([f"own-{row}" for row in range(len(sites))], dtype=object)
    labels = ["deposit_family", "host_mineral", "host_group"]
    features = sites[[*labels, "is_tailings", "grade_treo_wt_pct", "resource_treo_t"]]
    features = features.reset_index(drop=True).astype(
        {"grade_treo_wt_pct": "float64", "resource_treo_t": "float64", "is_tailings": bool}
    )
    for label in labels:
        texts = features[label].astype(object)
        features[label] = texts.where(texts.notna(), None)
    features["mineral_confidence"] = features["host_mineral"].map(lambda mineral: mineral and "given")
    return Dataset(
        project_ids=ids,
        site_ids=np.where(sites["site_id"].notna(), sites["site_id"].astype(object), ids),
        features=features[list(FEATURE_COLUMNS)],
        stored_shares=shares,
        shares=shares,
        is_measured=np.zeros(len(sites), dtype=bool),
    )


def _current_settings(engine: sa.Engine) -> tuple[Settings, str]:
    runs = _read_table(engine, tables.model_runs.select().subquery())
    current = runs[runs["is_current"].astype(bool)]
    if len(current) != 1:
        raise PipelineError("the published file has no current run; build it again")
    try:
        return Settings.from_json(current["hyperparameters"].iloc[0]), str(current["model_run_id"].iloc[0])
    except ValueError as error:
        raise PipelineError(f"the current run cannot be repeated: {error}; build the file again") from error


def _out_of_fold(engine: sa.Engine, run_id: str, measured: Dataset) -> dict[str, FloatArray]:
    """Read the out-of-fold predictions of a run by variant, each shape (n, 15), NaN where there is none."""
    from ml.judging.prediction import KEPT_VARIANTS

    own, further = tables.composition_predictions, tables.calibration_predictions
    columns = ("project_id", "oxide", "predicted_pct")
    queries = {"as_is": sa.select(*(own.c[name] for name in columns)).where(own.c.model_run_id == run_id)}
    for variant in KEPT_VARIANTS:
        is_wanted = (further.c.model_run_id == run_id) & (further.c.variant == variant)
        queries[variant] = sa.select(*(further.c[name] for name in columns)).where(is_wanted)
    arrays = {}
    for variant, query in queries.items():
        long = _read_table(engine, query.subquery())
        wide = long.pivot(index="project_id", columns="oxide", values="predicted_pct")
        ordered = wide.reindex(index=list(measured.project_ids), columns=list(OXIDES))
        arrays[variant] = ordered.to_numpy(dtype="float64")
    return arrays


def _read_marts(engine: sa.Engine) -> Frames:
    frames = {}
    for name, columns in MART_COLUMNS.items():
        mart = sa.table(name, *(sa.column(column) for column in columns), schema="marts")
        try:
            frames[name] = _read_table(engine, mart)
        except sa.exc.DBAPIError as error:
            reason = str(error.orig).splitlines()[0]
            raise PipelineError(f"cannot read marts.{name}, build the marts first: {reason}") from error
    return frames


def _read_variants(engine: sa.Engine) -> pd.DataFrame:
    columns = ("variant", "project_id", "mineral", "mineral_group")
    mart = sa.table(VARIANTS_TABLE, *(sa.column(column) for column in columns), schema="marts")
    try:
        return _read_table(engine, mart)
    except sa.exc.DBAPIError as error:
        reason = str(error.orig).splitlines()[0]
        raise PipelineError(f"cannot read marts.{VARIANTS_TABLE}, build again: {reason}") from error


def _read_published(engine: sa.Engine, dataset: Dataset) -> pd.DataFrame | None:
    """Read the table as published in the order of the dataset, or None where it is not the dataset's."""
    if not sa.inspect(engine).has_table(REFERENCE_TABLE, schema="raw"):
        return None
    raw = _read_table(
        engine, sa.table(REFERENCE_TABLE, *(sa.column(c) for c in REFERENCE_COLUMNS), schema="raw")
    )
    numbers = pd.to_numeric(raw["project_number"], errors="coerce").fillna(0).astype(int)
    raw.index = pd.Index([f"liu2023-p{number:03d}" for number in numbers])
    if raw.index.has_duplicates or set(raw.index) != set(dataset.project_ids):
        return None
    ordered = raw.loc[pd.Index(dataset.project_ids)]
    columns = {"location": "location", "continent": "continent", "deposit_type": "deposit_type"}
    texts = {name: ordered[column] for name, column in columns.items()} | {"status": ordered["status_2022"]}
    shares = {oxide: _as_numbers(ordered[f"{oxide.lower()}_pct"]) for oxide in OXIDES}
    frame = pd.DataFrame({**texts, "hree_pct": _as_numbers(ordered["hree_pct"]), **shares})
    return frame.astype(object).where(frame.notna(), None).reset_index(drop=True)


def _as_numbers(texts: pd.Series) -> pd.Series:
    """Read decimal commas; dashes and blanks become NaN, as in the reference study."""
    plain = texts.astype("string").str.strip().str.replace(",", ".", regex=False)
    return pd.to_numeric(plain, errors="coerce").astype("float64")


def _read_table(engine: sa.Engine, table: sa.FromClause) -> pd.DataFrame:
    """Read all rows, sorted by all columns so that the order never depends on the engine."""
    columns = list(table.columns)
    with engine.connect() as connection:
        rows = connection.execute(sa.select(*columns).order_by(*columns)).all()
    return pd.DataFrame(
        {c.name: pd.Series([row[i] for row in rows], dtype=object) for i, c in enumerate(columns)}
    )


def read_dataset(engine: sa.Engine) -> Dataset:
    """Read the projects of a built or published file; raises PipelineError."""
    return _dataset(_read_marts(engine))


def _dataset(marts: Frames) -> Dataset:
    try:
        return build_dataset(*(marts[name] for name in MART_COLUMNS))
    except ValueError as error:
        raise PipelineError(f"the marts do not fit together: {error}") from error


def _checked_dataset(marts: Frames, settings: Settings) -> Dataset:
    dataset = _dataset(marts)
    sites = len(set(dataset.site_ids[dataset.is_measured]))
    if sites < settings.folds:
        raise PipelineError(
            f"only {sites} sites have a full composition, {settings.folds} or more are needed "
            "to train and judge a model"
        )
    return dataset


def _data_sha256(marts: Frames) -> str:
    """Hash the rows read: JSON keeps every digit of a float and tells null from text."""
    digest = hashlib.sha256()
    for name, frame in marts.items():
        rows = [[_plain(value) for value in row] for row in frame.itertuples(index=False)]
        digest.update(json.dumps([name, list(frame.columns), rows], ensure_ascii=False).encode())
    return digest.hexdigest()


def _plain(value: object) -> str | float | bool | None:
    if value is None or isinstance(value, str | bool):
        return value
    return float(str(value))  # integers, decimals and floats of equal value hash equally


def _code_sha256() -> str:
    digest = hashlib.sha256()
    package = Path(__file__).parent
    for path in sorted(package.rglob("*.py")):
        digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _run_key(data_sha256: str, settings: Settings) -> str:
    parts = {
        "data": data_sha256,
        "code": _code_sha256(),
        "settings": settings.sha256(),
        "libraries": {name: _version(name) for name in KEYED_LIBRARIES},
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _version(distribution: str) -> str | None:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return None


def _new_run_id(run_key: str, taken: set[str]) -> str:
    base = f"run-{run_key[:12]}"
    run_id, number = base, 1
    while run_id in taken:
        number += 1
        run_id = f"{base}-{number}"
    return run_id


def _read_history(previous_file: Path | None) -> Frames:
    """Read the runs kept so far, or empty frames; a column added since is null in old rows."""
    frames = {
        table.name: pd.DataFrame({column.name: pd.Series(dtype=object) for column in table.columns})
        for table in tables.metadata.sorted_tables
    }
    if previous_file is None or not previous_file.exists():
        return frames
    engine = sa.create_engine(
        f"duckdb:///{previous_file}", connect_args={"read_only": True}, poolclass=NullPool
    )
    try:
        inspector = sa.inspect(engine)
        present = set(inspector.get_table_names(schema=tables.SCHEMA))
        for table in tables.metadata.sorted_tables:
            if table.name in present:
                found = {c["name"] for c in inspector.get_columns(table.name, tables.SCHEMA)}
                kept = sa.table(
                    table.name,
                    *(sa.column(column.name) for column in table.columns if column.name in found),
                    schema=tables.SCHEMA,
                )
                frames[table.name] = _as_today(_read_table(engine, kept), table)
    except sa.exc.DBAPIError as error:
        reason = str(error.orig).splitlines()[0]
        raise PipelineError(
            f"cannot read the runs kept in {previous_file.name}; close its writer, or move the "
            f"file away to start a new history: {reason}"
        ) from error
    finally:
        engine.dispose()
    return frames


def _as_today(old: pd.DataFrame, table: sa.Table) -> pd.DataFrame:
    """Give rows of an older layout the columns of today: null, or what the column says it was before."""
    frame = old.reindex(columns=list(table.columns.keys()))
    for column in table.columns:
        if column.name not in old.columns and "before" in column.info:
            frame[column.name] = column.info["before"]
    return frame


def _train(
    dataset: Dataset, published: pd.DataFrame | None, settings: Settings, say: Callable[[str], None]
) -> Frames:
    # Imported here: a reused run needs none of the learning libraries.
    from ml.judging.metrics import Metric
    from ml.judging.prediction import Calibration, interval_metrics, predict_all
    from ml.judging.protocols import evaluate
    from ml.models.learners import TooFewRowsError
    from ml.studies.reference import continent_metrics, reference_codes, split_metrics

    reference: list[Metric] = []
    if published is not None:
        say("repeating the reference study")
        dataset = replace(dataset, reference_inputs=reference_codes(published))
        reference = [
            *split_metrics(published, settings),
            *continent_metrics(published, dataset.site_ids, settings),
        ]
    try:
        evaluation = evaluate(dataset.rows(dataset.is_measured), settings, say)
    except TooFewRowsError as error:
        raise PipelineError(f"{error}; publish more compositions or lower min_training_sites") from error
    say("training the final model")
    calibration = Calibration(evaluation.out_of_fold_pct)
    predictions = predict_all(dataset, calibration, settings)
    metrics = [*reference, *evaluation.metrics, *interval_metrics(dataset, predictions, settings)]
    return {
        "model_metrics": pd.DataFrame([vars(metric) for metric in metrics]),
        "composition_predictions": predictions.oxide_frame(dataset),
        "group_predictions": predictions.group_frame(dataset),
        "calibration_predictions": calibration.frame(dataset),
        "model_runs": pd.DataFrame({"chosen": [json.dumps(evaluation.chosen, sort_keys=True)]}),
    }


def _run_row(settings: Settings, data_sha256: str, run_key: str, dataset: Dataset) -> pd.DataFrame:
    version = _version("ree-warehouse") or "0"
    row = {
        "model_name": CHAMPION,
        "trained_at": datetime.now(UTC).replace(tzinfo=None, microsecond=0),
        "seed": settings.seed,
        "code_version": f"{version}+ml.{_code_sha256()[:12]}",
        "data_sha256": data_sha256,
        "run_key": run_key,
        "hyperparameters": settings.to_json(),
        "training_rows": int(dataset.is_measured.sum()),
        "is_current": True,
        "is_study": False,
    }
    return pd.DataFrame({name: pd.Series([value], dtype=object) for name, value in row.items()})


def _write(engine: sa.Engine, frames: Frames) -> None:
    """Replace the tables in one transaction."""
    with engine.begin() as connection:
        tables.metadata.drop_all(connection)
        tables.create_tables_on(connection)
        for table in tables.metadata.sorted_tables:
            frame = frames[table.name].astype(object)
            frame = frame.where(frame.notna(), None)
            names = list(table.columns.keys())
            rows = [dict(zip(names, row, strict=True)) for row in frame[names].values.tolist()]
            if rows:
                connection.execute(sa.insert(table), rows)


def _summary(history: Frames, run_id: str, reused: bool, seconds: float) -> RunSummary:
    runs, metrics = history["model_runs"], history["model_metrics"]
    predictions = history["composition_predictions"]
    current = runs[runs["model_run_id"] == run_id].iloc[0]
    is_headline = (
        (metrics["model_run_id"] == run_id)
        & (metrics["protocol"] == "grouped_cv")
        & (metrics["metric"] == "rmse_pct")
        & (metrics["target"] == "all")
    )
    headline = metrics[is_headline].set_index("model_name").astype({"value": float})
    rmse, error = headline["value"].to_dict(), headline["standard_error"].to_dict()
    champion = str(current["model_name"])
    own = predictions[predictions["model_run_id"] == run_id]
    return RunSummary(
        model_run_id=run_id,
        reused=reused,
        seconds=seconds,
        training_rows=int(current["training_rows"]),
        predicted_projects=int(own["project_id"].nunique()),
        runs_kept=len(runs),
        rmse_pct=rmse[champion],
        rmse_standard_error_pct=float(error[champion]),
        mean_rmse_pct=rmse["training_mean"],
    )
