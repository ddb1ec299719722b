"""The longer studies, added to the published file."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb

import ml
from warehouse.build.gates.checks import published_suites
from warehouse.build.gates.runner import evaluate
from warehouse.build.history import keep_current
from warehouse.build.transform import AFTER_MODELS, run_dbt
from warehouse.errors import GateFailedError, ReeError
from warehouse.file.comments import comment_on_model_tables
from warehouse.file.query import connect
from warehouse.interrupts import shielded
from warehouse.paths import DEFAULT_OUTPUT, KEPT_BUILDS
from warehouse.publish import compact, publish, sole_build, work_folder

RESULTS = """
    select runs.model_name as study, metrics.model_name as model, protocol, stratum_kind, stratum, metric,
        round(value, 4) as value, round(standard_error, 4) as spread, projects
    from marts.fct_model_metrics as metrics
    inner join marts.dim_model_runs as runs using (model_run_id)
    where runs.is_latest_study and target = 'all'
    order by study, protocol, stratum_kind, stratum, metric, model
"""


def run_studies(
    output: Path,
    note: Callable[[str], None],
    settings: ml.Settings | None = None,
    study_settings: ml.StudySettings | None = None,
    keep: int = KEPT_BUILDS,
) -> list[str]:
    """Run the studies on a published file and publish it again with their runs in its tables.

    The file stays as it is, and readable, until all are done and the marts made of them hold.

    Args:
        output: The published file.
        note: Receives one line per study and dbt node.
        settings: What builds are trained and judged with.
        study_settings: What the studies vary.
        keep: How many earlier files stay beside it.

    Returns:
        Keys of the runs added; none if the file holds them all.

    Raises:
        ReeError: If the file is not there or cannot be studied.
        GateFailedError: If the marts would not hold; the published file stays as it was.
    """
    connect(output).close()
    try:
        studies = ml.train_studies(
            output,
            settings=settings or ml.Settings(),
            study_settings=study_settings or ml.StudySettings(),
            progress=note,
        )
        added = [str(run_id) for run_id in studies["model_runs"].get("model_run_id", [])]
        if not added:
            return []
        with sole_build(output), work_folder(output) as folder:
            # A file called marts.duckdb would share its name with a schema.
            copy = folder / DEFAULT_OUTPUT.name
            shutil.copyfile(output, copy)
            ml.add_studies(copy, studies)
            with duckdb.connect(str(copy)) as connection:
                comment_on_model_tables(connection)
            run_dbt(copy, folder, AFTER_MODELS, note)
            _check(copy)
            compact(copy)
            with shielded():
                keep_current(output, keep)
                publish(copy, output)
    except ml.PipelineError as error:
        raise ReeError(str(error).rstrip("."), "run `make build` and try again", file=output) from error
    return added


def _check(copy: Path) -> None:
    with connect(copy) as connection:
        results = evaluate(connection, "published", published_suites())
    failed = [result.observed for result in results if result.outcome == "fail"]
    if failed:
        raise GateFailedError("published", failed)
