"""What a build was made from: code, libraries and sources, as ``meta.builds`` records it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from warehouse import __version__
from warehouse.build.inputs import Input, library_versions, sha256_of_inputs
from warehouse.file.definition import Definition, create, insert
from warehouse.publish import is_as_published

if TYPE_CHECKING:
    from warehouse.build.load import LoadedTable

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


BUILD_INPUTS = Definition(
    "meta",
    "build_inputs",
    "One row per file, library and setting the current build was made from: while all are the same, `ree "
    "build` has nothing to do. Key: input_kind, input_name.",
    {"input_kind": "varchar", "input_name": "varchar", "input_sha256": "varchar"},
    key=("input_kind", "input_name"),
)


@dataclass(frozen=True)
class RecordedBuild:
    """The build that made a published file: its id, when it was done (UTC), and what it was made from."""

    build_id: str
    built_at: datetime
    inputs: frozenset[Input]


def recorded_build(output: Path) -> RecordedBuild | None:
    """Return the build that made ``output``.

    None where there is no such file, or it is not as its build left it: damaged, changed by hand, or of a
    layout that did not record its inputs.
    """
    if not is_as_published(output):
        return None
    builds = _carried(output, "select build_id, built_at from meta.builds where is_current")
    rows = _carried(output, "select input_kind, input_name, input_sha256 from meta.build_inputs")
    if not builds or not rows:
        return None
    build_id, built_at = builds[0]
    assert isinstance(built_at, datetime)
    return RecordedBuild(str(build_id), built_at, frozenset(Input(*map(str, row)) for row in rows))


def current_build_id(file: Path) -> str | None:
    """Return the id of the build that made ``file``, if the file can be asked and says it."""
    rows = _carried(file, "select build_id from meta.builds where is_current")
    return str(rows[0][0]) if rows else None


def record_build(
    connection: duckdb.DuckDBPyConnection,
    loaded: list[LoadedTable],
    inputs: frozenset[Input],
    previous_file: Path | None,
    seconds: float,
    step_seconds: dict[str, float],
) -> None:
    """Write this build, after those the previous published file remembers, to ``meta``.

    Args:
        connection: Connection to the file under construction.
        loaded: What was read.
        inputs: Everything the build was made from.
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
        f"{__version__}+{_code_sha256(inputs)[:12]}",
        json.dumps({table.name: table.sha256 for table in loaded}),
        json.dumps(library_versions()),
        round(seconds, 2),
        True,
    )
    insert(connection, BUILDS, [*earlier, this])
    _record_steps(connection, build_id, previous_file, step_seconds)
    create(connection, BUILD_INPUTS)
    insert(connection, BUILD_INPUTS, [(one.kind, one.name, one.sha256) for one in sorted(inputs)])


def _code_sha256(inputs: frozenset[Input]) -> str:
    """Digest of both packages and the dbt project with its seeds."""
    return sha256_of_inputs(frozenset(one for one in inputs if one.kind in ("code", "model", "seed")))


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
        # A file of an older layout has no such history; the build goes on without it.
        return []
