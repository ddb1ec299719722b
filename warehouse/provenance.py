"""What a build was made from: code, libraries and sources, as ``meta.builds`` records it."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import duckdb

from warehouse import __version__
from warehouse.comments import comment_on
from warehouse.load import LoadedTable
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
_CODE_SUFFIXES = {".py", ".sql", ".yml", ".csv"}


def code_sha256() -> str:
    """Digest of everything that shapes a build: both packages and the dbt project with its seeds."""
    digest = hashlib.sha256()
    folders = (PROJECT_ROOT / "warehouse", ML_DIR, DBT_PROJECT_DIR)
    files = sorted(
        file
        for folder in folders
        for file in folder.rglob("*")
        if file.suffix in _CODE_SUFFIXES and not {"target", "logs"} & set(file.parts)
    )
    for file in files:
        digest.update(str(file.relative_to(PROJECT_ROOT)).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def record_build(
    connection: duckdb.DuckDBPyConnection,
    loaded: list[LoadedTable],
    previous_file: Path | None,
    seconds: float,
) -> None:
    """Write this build, after those the previous published file remembers, to ``meta.builds``."""
    connection.execute("create schema if not exists meta")
    connection.execute(
        "create or replace table meta.builds (build_id varchar primary key, built_at timestamp, "
        "code_version varchar, source_hashes varchar, library_versions varchar, seconds double, "
        "is_current boolean)"
    )
    for row in _earlier_builds(previous_file):
        connection.execute("insert or ignore into meta.builds values (?, ?, ?, ?, ?, ?, false)", row)
    built_at = datetime.now(UTC).replace(tzinfo=None)
    connection.execute(
        "insert into meta.builds values (?, ?, ?, ?, ?, ?, true)",
        (
            f"build-{built_at:%Y%m%dT%H%M%S%f}",
            built_at,
            f"{__version__}+{code_sha256()[:12]}",
            json.dumps({table.name: table.sha256 for table in loaded}),
            json.dumps({name: version(name) for name in _LIBRARIES}),
            round(seconds, 2),
        ),
    )
    comment_on(
        connection,
        "meta",
        "builds",
        "One row per build this file descends from: when (UTC), code and library versions, SHA-256 of every "
        "source file; is_current marks the one that made this file. Key: build_id.",
        {
            "build_id": "Key: the time of the build.",
            "built_at": "When the build was done (UTC).",
            "code_version": "Version of the project and digest of its code.",
            "source_hashes": "SHA-256 of every source file by table, as JSON.",
            "library_versions": "Versions of the libraries it stood on, as JSON.",
            "seconds": "Wall-clock time of the build (s).",
            "is_current": "Whether this build made this file.",
        },
    )


def _earlier_builds(previous_file: Path | None) -> list[tuple[object, ...]]:
    if previous_file is None or not previous_file.is_file():
        return []
    try:
        with duckdb.connect(str(previous_file), read_only=True) as previous:
            return previous.execute(
                "select build_id, built_at, code_version, source_hashes, library_versions, seconds "
                "from meta.builds order by built_at"
            ).fetchall()
    except duckdb.Error:
        # A file of an older layout has no history to carry; the build stands without it.
        return []
