"""Reading what the warehouse has made: the marts a run learns from, and what studies read besides."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from ml.dataset import COMPOSITION_COLUMNS, Frames
from ml.errors import PipelineError
from ml.oxides import OXIDES

MARTS: Final[dict[str, tuple[str, ...]]] = {
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
    "fct_compositions": COMPOSITION_COLUMNS,
    "fct_project_minerals": ("project_id", "mineral", "rank", "mineral_group", "confidence"),
}
"""Marts a run learns from, and their columns that it reads."""

SOURCES: Final[dict[str, str]] = {"fct_compositions": "liu_2023"}
"""Marts of several sources, and the one whose rows a run learns from."""

SITE_MARTS: Final[dict[str, tuple[str, ...]]] = {
    "dim_sites": ("site_id", "deposit_type_id", "resource_treo_t", "grade_treo_wt_pct", "is_in_liu2023"),
    "fct_site_minerals": ("site_id", "mineral", "rank", "mineral_group", "confidence"),
}
"""Marts of sites that a run predicts besides, and their columns that it reads."""

REFERENCE_INPUTS: Final = "int_reference_study_inputs"
REFERENCE_COLUMNS: Final = (
    "project_id",
    "location_as_published",
    "continent_as_published",
    "deposit_type_as_published",
    "status_as_published",
    "hree_pct",
    *(f"{oxide.lower()}_pct" for oxide in OXIDES),
)

VARIANTS: Final = "fct_mineral_label_variants"
VARIANT_COLUMNS: Final = ("variant", "project_id", "mineral", "mineral_group")


Database: TypeAlias = sa.Engine


def open_file(path: Path, read_only: bool = True) -> Database:
    """Give an engine on a DuckDB file, which no other process may be writing to.

    It holds no connection open between uses. To be read, the file is attached under another name: one called
    marts.duckdb would else share its name with a schema.
    """
    if not read_only:
        return sa.create_engine(sa.URL.create("duckdb", database=str(path)), poolclass=NullPool)
    engine = sa.create_engine("duckdb://", poolclass=NullPool)
    quoted = str(path).replace("'", "''")

    @sa.event.listens_for(engine, "connect")
    def attach(connection: Any, record: object) -> None:
        connection.execute(f"attach '{quoted}' as ree (read_only)")
        connection.execute("use ree")

    return engine


def read_marts(database: Database) -> Frames:
    """Read `MARTS`; raises PipelineError if one is missing or lacks a column."""
    return {
        name: _read(database, "marts", name, columns, SOURCES.get(name)) for name, columns in MARTS.items()
    }


def read_sites(database: Database) -> Frames:
    """Read `SITE_MARTS`, of sites that no project is of; empty where the database has no such marts.

    Raises:
        PipelineError: If one lacks a column.
    """
    if not all(sa.inspect(database).has_table(name, schema="marts") for name in SITE_MARTS):
        return {}
    frames = {name: _read(database, "marts", name, columns) for name, columns in SITE_MARTS.items()}
    is_own = ~frames["dim_sites"]["is_in_liu2023"].astype(bool)
    frames["dim_sites"] = frames["dim_sites"][is_own].drop(columns="is_in_liu2023")
    return frames


def read_variants(database: Database) -> pd.DataFrame:
    """Read the labels as another reader could have set them; raises PipelineError if they are missing."""
    return _read(database, "marts", VARIANTS, VARIANT_COLUMNS)


def read_reference_inputs(database: Database, project_ids: npt.NDArray[np.object_]) -> pd.DataFrame | None:
    """Read what the reference study was made on.

    Args:
        database: The database.
        project_ids: Projects of the dataset, shape (n,).

    Returns:
        A row per project, in their order: the texts `location`, `continent`, `deposit_type` and `status`,
        None where blank; `hree_pct` and the oxides, per cent, float64 with NaN. None where the study's table
        is not there, or is one of other projects.
    """
    if not sa.inspect(database).has_table(REFERENCE_INPUTS, schema="intermediate"):
        return None
    frame = _read(database, "intermediate", REFERENCE_INPUTS, REFERENCE_COLUMNS).set_index("project_id")
    if frame.index.has_duplicates or set(frame.index) != set(project_ids):
        return None
    frame = frame.loc[list(project_ids)].reset_index(drop=True)
    frame = frame.rename(columns=lambda name: name.removesuffix("_as_published"))
    frame = frame.rename(columns={f"{oxide.lower()}_pct": oxide for oxide in OXIDES})
    return frame.astype(dict.fromkeys(("hree_pct", *OXIDES), "float64"))


def read_table(database: Database, table: sa.FromClause) -> pd.DataFrame:
    """Read all rows, sorted by all columns so that the order never depends on the engine."""
    columns = list(table.columns)
    with database.connect() as connection:
        rows = connection.execute(sa.select(*columns).order_by(*columns)).all()
    return pd.DataFrame(
        {c.name: pd.Series([row[i] for row in rows], dtype=object) for i, c in enumerate(columns)}
    )


@contextlib.contextmanager
def refusing(what: str) -> Iterator[None]:
    """Turn what the database says into one sentence: PipelineError, what could not be done and why."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        raise PipelineError(f"{what}: {str(error.orig).splitlines()[0]}") from error


def _read(
    database: Database, schema: str, name: str, columns: tuple[str, ...], source: str | None = None
) -> pd.DataFrame:
    asked = columns if source is None else (*columns, "source")
    table: sa.FromClause = sa.table(name, *(sa.column(column) for column in asked), schema=schema)
    if source is not None:
        kept = sa.select(*(table.c[column] for column in columns)).where(table.c.source == source)
        table = kept.subquery()
    with refusing(f"cannot read {schema}.{name}, build it first"):
        return read_table(database, table)
