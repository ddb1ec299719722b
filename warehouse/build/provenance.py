"""What a build was made from: code, libraries and sources, as ``meta.builds`` records it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import duckdb

from warehouse import __version__
from warehouse.build.load import LoadedTable
from warehouse.digest import sha256_of_files
from warehouse.file.definition import Definition, create, insert
from warehouse.paths import DBT_PROJECT_DIR, ML_DIR, PROJECT_ROOT

_LIBRARIES = (
    "dbt-core",
    "dbt-duckdb",
    "duckdb",
    "great-expectations",
    "lightgbm",
    "numpy",
    "pandas",
    "scikit-learn",
    "sqlalchemy",
)
_CODE_SUFFIXES = {".py", ".sql", ".yml", ".csv", ".md"}

BUILDS = Definition(
    "meta",
    "builds",
    "One row per build this file descends from: when (UTC), code and library versions, SHA-256 of every "
    "source file; is_current marks the one that made this file. Key: build_id.",
    {
        "build_id": "varchar",
        "built_at": "timestamp",
        "code_version": "varchar",
        "source_hashes": "varchar",
        "library_versions": "varchar",
        "seconds": "double",
        "is_current": "boolean",
    },
    key=("build_id",),
    senses={"is_current": "build"},
)
BUILD_STEPS = Definition(
    "meta",
    "build_steps",
    "One row per build and step of it that was done before publishing, with how long it took; the next "
    "build reckons its time left from them. Key: build_id, step.",
    {"build_id": "varchar", "step_order": "integer", "step": "varchar", "seconds": "double"},
    key=("build_id", "step"),
)


def code_sha256() -> str:
    """Digest of everything that shapes a build: both packages and the dbt project with its seeds."""
    folders = (PROJECT_ROOT / "warehouse", ML_DIR, DBT_PROJECT_DIR)
    files = (
        file
        for folder in folders
        for file in folder.rglob("*")
        if file.suffix in _CODE_SUFFIXES and not {"target", "logs"} & set(file.parts)
    )
    return sha256_of_files(files, PROJECT_ROOT)


def record_build(
    connection: duckdb.DuckDBPyConnection,
    loaded: list[LoadedTable],
    previous_file: Path | None,
    seconds: float,
    step_seconds: dict[str, float],
) -> None:
    """Write this build, after those the previous published file remembers, to ``meta``.

    Args:
        connection: Connection to the file under construction.
        loaded: What was read.
        previous_file: Published file whose builds are carried on; none forgets them.
        seconds: How long this build took so far.
        step_seconds: How long each finished step took, in the order they ran.
    """
    create(connection, BUILDS)
    earlier = _carried(
        previous_file,
        "select build_id, built_at, code_version, source_hashes, library_versions, seconds, false "
        "from meta.builds order by built_at",
    )
    built_at = datetime.now(UTC).replace(tzinfo=None)
    build_id = f"build-{built_at:%Y%m%dT%H%M%S%f}"
    this = (
        build_id,
        built_at,
        f"{__version__}+{code_sha256()[:12]}",
        json.dumps({table.name: table.sha256 for table in loaded}),
        json.dumps({name: version(name) for name in _LIBRARIES}),
        round(seconds, 2),
        True,
    )
    insert(connection, BUILDS, [*earlier, this])
    _record_steps(connection, build_id, previous_file, step_seconds)


def _record_steps(
    connection: duckdb.DuckDBPyConnection,
    build_id: str,
    previous_file: Path | None,
    step_seconds: dict[str, float],
) -> None:
    create(connection, BUILD_STEPS)
    rows = _carried(previous_file, "select build_id, step_order, step, seconds from meta.build_steps")
    rows += [(build_id, order, *step) for order, step in enumerate(step_seconds.items(), start=1)]
    insert(connection, BUILD_STEPS, rows)


def last_step_seconds(file: Path) -> dict[str, float]:
    """Return how long each step of the last build of ``file`` took, in seconds, in the order they ran.

    Empty where there is no such file, or it is of a layout that did not record steps.
    """
    rows = _carried(
        file,
        "select step, build_steps.seconds from meta.build_steps inner join meta.builds using (build_id) "
        "where is_current order by step_order",
    )
    return {str(step): float(str(seconds)) for step, seconds in rows}


def _carried(file: Path | None, sql: str) -> list[tuple[object, ...]]:
    if file is None or not file.is_file():
        return []
    try:
        with duckdb.connect(str(file), read_only=True) as previous:
            return previous.execute(sql).fetchall()
    except duckdb.Error:
        # A file of an older layout has no such history; the build stands without it.
        return []
