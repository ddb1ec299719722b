"""The runs kept in a file: reading them, adding one, writing them."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import sqlalchemy as sa

from ml.dataset import Dataset, Frames
from ml.errors import PipelineError
from ml.oxides import OXIDES, FloatArray
from ml.settings import CHAMPION, Settings
from ml.store import tables
from ml.store.keys import TRAINER, code_sha256, version
from ml.store.marts import Database, open_file, read_table, refusing


def read_history(file: Path | None) -> Frames:
    """Read the runs kept in a DuckDB file.

    Args:
        file: The file; None, or a path that does not exist, holds no runs.

    Returns:
        Every table of `ml.store.tables`, empty where there is none, or where the layout is older (see
        `set_aside`). A column added since that may be null is null.

    Raises:
        PipelineError: If the file cannot be read.
    """
    frames = {
        table.name: pd.DataFrame({column.name: pd.Series(dtype=object) for column in table.columns})
        for table in tables.KEPT
    }
    if file is None or not file.exists() or set_aside(file):
        return frames
    database = open_file(file)
    with _refusing_history(file):
        for table, found in _columns_there(database).items():
            names = [column.name for column in table.columns if column.name in found]
            kept = sa.table(table.name, *(sa.column(name) for name in names), schema=tables.SCHEMA)
            frames[table.name] = read_table(database, kept).reindex(columns=list(table.columns.keys()))
    return frames


def set_aside(file: Path | None) -> str | None:
    """Say, in one sentence without a full stop, that a file holds runs whose layout cannot be carried over.

    Args:
        file: The file; None, or a path that does not exist, holds no runs.

    Returns:
        The sentence if a column that must be known is missing, else None.

    Raises:
        PipelineError: If the file cannot be read.
    """
    if file is None or not file.exists():
        return None
    with _refusing_history(file):
        there = _columns_there(open_file(file))
    if any(not c.nullable and c.name not in found for table, found in there.items() for c in table.columns):
        return f"the model runs in {file.name} have an older layout and are not carried over"
    return None


def _refusing_history(file: Path) -> AbstractContextManager[None]:
    remedy = "close its writer, or move the file away to start a new history"
    return refusing(f"cannot read the runs kept in {file.name}; {remedy}")


def _columns_there(database: Database) -> dict[sa.Table, set[str]]:
    """Names of the columns of each table of `ml.store.tables` that a database has."""
    inspector = sa.inspect(database)
    present = set(inspector.get_table_names(schema=tables.SCHEMA))
    return {
        table: {column["name"] for column in inspector.get_columns(table.name, tables.SCHEMA)}
        for table in tables.KEPT
        if table.name in present
    }


def with_rows(history: Frames, fresh: Frames) -> Frames:
    """Add rows of a run to those of earlier ones; what a table has no column for is left out."""
    joined = dict(history)
    for name, frame in fresh.items():
        if len(frame):
            ordered = frame.reindex(columns=history[name].columns)
            joined[name] = pd.concat([history[name], ordered]) if len(history[name]) else ordered
    return joined


def latest_with_key(history: Frames, run_key: str) -> str | None:
    """Give the id of the run trained last under a key, None if there is none."""
    runs = history["model_runs"]
    same_key = runs[runs["run_key"] == run_key].sort_values("trained_at")
    return str(same_key["model_run_id"].iloc[-1]) if len(same_key) else None


def new_run_id(run_key: str, history: Frames) -> str:
    """Give a run a name of its own, made of its key."""
    taken = set(history["model_runs"]["model_run_id"])
    base = f"run-{run_key[:12]}"
    run_id, number = base, 1
    while run_id in taken:
        number += 1
        run_id = f"{base}-{number}"
    return run_id


def run_row(
    settings: Settings, data_sha256: str, run_key: str, dataset: Dataset, **more: object
) -> pd.DataFrame:
    """Make the row of `model_runs` of a run that has just been trained; `more` adds or replaces columns."""
    row: dict[str, Any] = {
        "model_name": CHAMPION,
        "trained_at": datetime.now(UTC).replace(tzinfo=None, microsecond=0),
        "seed": settings.seed,
        "code_version": f"{version('ree-warehouse') or '0'}+ml.{code_sha256(TRAINER)[:12]}",
        "data_sha256": data_sha256,
        "run_key": run_key,
        "hyperparameters": settings.to_json(),
        "training_rows": int(dataset.is_trainable.sum()),
        "is_current": False,
        "is_study": False,
    } | more
    return pd.DataFrame({name: pd.Series([value], dtype=object) for name, value in row.items()})


def write(database: Database, frames: Frames) -> None:
    """Replace the tables of `ml.store.tables.KEPT` in one transaction."""
    with database.begin() as connection:
        tables.metadata.drop_all(connection, tables=tables.KEPT)
        tables.create_tables_on(connection)
        for table in tables.KEPT:
            frame = frames[table.name].astype(object)
            frame = frame.where(frame.notna(), None)
            names = list(table.columns.keys())
            rows = [dict(zip(names, row, strict=True)) for row in frame[names].values.tolist()]
            if rows:
                connection.execute(sa.insert(table), rows)


def write_draws(database: Database, draws: pd.DataFrame) -> None:
    """Replace the draws by those of a frame, as many columns as their table has."""
    table = tables.composition_draws
    columns = [column.name for column in table.columns]
    view = sa.table("drawn_compositions", *(sa.column(name) for name in columns))
    with database.begin() as connection:
        connection.execute(table.delete())
        # Row by row, a quarter of a million of them would take minutes.
        connection.execute(sa.text("register(:name, :data)"), {"name": view.name, "data": draws[columns]})
        connection.execute(sa.insert(table).from_select(columns, sa.select(view)))


def read_predictions(database: Database, run_id: str, dataset: Dataset) -> FloatArray:
    """Read the predictions of a run for a dataset of projects and sites, shape (n, 15), per cent."""
    projects, sites = tables.composition_predictions, tables.site_predictions
    queries = [
        sa.select(key.label("project_id"), table.c.oxide, table.c.predicted_pct).where(
            table.c.model_run_id == run_id
        )
        for table, key in ((projects, projects.c.project_id), (sites, sites.c.site_id))
    ]
    return _wide(read_table(database, sa.union_all(*queries).subquery()), dataset.project_ids)


def current_run(database: Database) -> tuple[Settings, str]:
    """Read the settings and the id of the current run.

    Raises:
        PipelineError: If there is none, or its settings are those of another version.
    """
    runs = read_table(database, tables.model_runs.select().subquery())
    current = runs[runs["is_current"].astype(bool)]
    if len(current) != 1:
        raise PipelineError("the published file has no current run; build it again")
    try:
        return Settings.from_json(current["hyperparameters"].iloc[0]), str(current["model_run_id"].iloc[0])
    except ValueError as error:
        raise PipelineError(f"the current run cannot be repeated: {error}; build the file again") from error


def read_out_of_fold(
    database: Database, run_id: str, measured: Dataset, variants: tuple[str, ...]
) -> dict[str, FloatArray]:
    """Read the out-of-fold predictions of a run.

    Args:
        database: The file.
        run_id: The run.
        measured: Rows to give them for, in this order.
        variants: Those of `calibration_predictions` to read besides `as_is`.

    Returns:
        By variant, each shape (n, 15), per cent, NaN where there is none.
    """
    own, further = tables.composition_predictions, tables.calibration_predictions
    columns = ("project_id", "oxide", "predicted_pct")
    queries = {"as_is": sa.select(*(own.c[name] for name in columns)).where(own.c.model_run_id == run_id)}
    for variant in variants:
        is_wanted = (further.c.model_run_id == run_id) & (further.c.variant == variant)
        queries[variant] = sa.select(*(further.c[name] for name in columns)).where(is_wanted)
    arrays = {}
    for variant, query in queries.items():
        arrays[variant] = _wide(read_table(database, query.subquery()), measured.project_ids)
    return arrays


def _wide(long: pd.DataFrame, project_ids: npt.NDArray[np.object_]) -> FloatArray:
    """Put predictions, a row per project and oxide, into an array, shape (n, 15), NaN where none."""
    wide = long.pivot(index="project_id", columns="oxide", values="predicted_pct")
    ordered: FloatArray = wide.reindex(index=list(project_ids), columns=list(OXIDES)).to_numpy(
        dtype=np.float64
    )
    return ordered
