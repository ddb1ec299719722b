"""The build: sources to published file, step by step."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import duckdb

import ml
from warehouse.build.docs import make_docs
from warehouse.build.gates.account import lost_cells
from warehouse.build.gates.checks import accounting_suite, loaded_suite, published_suites
from warehouse.build.gates.runner import CheckResult, record_results, run_gate
from warehouse.build.history import keep_current
from warehouse.build.inputs import read_inputs
from warehouse.build.load import load_sources
from warehouse.build.provenance import last_step_seconds, record_build, recorded_build
from warehouse.build.request import BuildRequest
from warehouse.build.scenarios import write_scenarios
from warehouse.build.summary import BuildSummary, count_cells
from warehouse.build.transform import AFTER_MODELS, AFTER_SCENARIOS, BEFORE_MODELS, Dbt, TransformResult
from warehouse.errors import GateFailedError, ReeError
from warehouse.file.catalogue import read_relations
from warehouse.file.comments import comment_on_model_tables
from warehouse.interrupts import shielded
from warehouse.pages.lineage import docs_file, put_docs
from warehouse.paths import display
from warehouse.publish import compact, publish, sole_build, work_folder
from warehouse.sources.read import SourceTable, read_sources
from warehouse.writing import refuse_other_than_file


class Reporter(Protocol):
    """Where a build tells how it goes."""

    def plan(self, steps: list[str], last_seconds: dict[str, float]) -> None:
        """These steps will run; ``last_seconds`` is how long those of the last build took, if known."""

    def start(self, step: str) -> None:
        """A step begins."""

    def note(self, text: str) -> None:
        """Something finished within the step."""

    def finish(self, step: str, outcome: str, seconds: float) -> None:
        """The step ended well."""


class _Build:
    def __init__(self, request: BuildRequest, folder: Path, reporter: Reporter) -> None:
        self.request = request
        self.folder = folder
        # Whatever the output is called: a file called marts.duckdb would share its name with a schema.
        self.database = folder / "ree.duckdb"
        self.dbt = Dbt(self.database, folder)
        self.reporter = reporter
        self.summary = BuildSummary(request.output, [])
        self.tested: set[str] = set()
        self.started = time.perf_counter()
        # As they are now: what is edited while the build runs is a change for the next one.
        self.inputs = read_inputs(request.sources_dir, request.published_dir, request.settings)
        self.previous = None if request.full_refresh else self._previous_file()
        earlier = recorded_build(self.previous) if self.previous else None
        changed = {one.kind for one in earlier.inputs ^ self.inputs} if earlier else {"model"}
        self.models_changed = not changed.isdisjoint({"model", "library"})

    def _previous_file(self) -> Path | None:
        output = self.request.output
        if not output.is_file():
            return None
        try:
            with duckdb.connect(str(output), read_only=True) as connection:
                connection.execute("show all tables").fetchall()
        except duckdb.IOException as error:
            if "Could not set lock" in str(error):
                raise ReeError("another program is writing to the file", "close it", file=output) from error
            self.summary.warnings.append(
                f"{display(output)}: the file was damaged; the runs and builds it knew are lost with it."
            )
            return None
        return output

    def step(self, name: str, action: Callable[[], str]) -> None:
        self.reporter.start(name)
        began = time.perf_counter()
        outcome = action()
        seconds = time.perf_counter() - began
        self.summary.step_seconds[name] = round(seconds, 2)
        self.reporter.finish(name, outcome, seconds)

    def steps(self) -> dict[str, Callable[[], str]]:
        steps = {
            "Read and load sources": self.load,
            "Gate on what was loaded": self.check_loaded,
            "Transform to marts": self.transform,
            "Model ensemble": self.model,
            "Transform predictions": self.transform_predictions,
            "Demand scenarios": self.work_out_scenarios,
            "Gate on what is published": self.check_published,
        }
        if self.request.docs:
            steps["Lineage site"] = self.document
        return {**steps, "Publish": self.publish}

    def run(self) -> BuildSummary:
        steps = self.steps()
        self.reporter.plan(list(steps), last_step_seconds(self.request.output))
        for name, action in steps.items():
            self.step(name, action)
        self.summary.seconds = round(time.perf_counter() - self.started, 2)
        return self.summary

    def load(self) -> str:
        self.tables: list[SourceTable] = read_sources(self.request.sources_dir, self.request.published_dir)
        with duckdb.connect(str(self.database)) as connection:
            self.summary.loaded = load_sources(connection, self.tables)
        self._prepare_model_tables()
        for table in self.summary.loaded:
            if not table.is_as_recorded:
                self.summary.warnings.append(
                    f"{table.file}: the content differs from the checksum in the source's datapackage.json; "
                    "if the edit is meant to stay, record it with `ree seal`."
                )
            if table.rows_rejected:
                self.summary.warnings.append(
                    f"{table.file}: {table.rows_rejected} row(s) rejected; "
                    "see quality.rejected_rows for the text and the reason."
                )
        rows = sum(table.rows_loaded for table in self.summary.loaded)
        return f"{rows} rows of {len(self.summary.loaded)} tables"

    def _prepare_model_tables(self) -> None:
        # dbt reads these as a source; they must exist, empty, before the ensemble has written them.
        ml.create_tables(self.database)

    def check_loaded(self) -> str:
        suites = [loaded_suite(table.name, display(table.file), table.resource) for table in self.tables]
        with duckdb.connect(str(self.database)) as connection:
            results = run_gate("loaded", connection, [accounting_suite(), *suites])
        self.summary.gate_checks += len(results)
        return f"{len(results)} checks hold"

    @property
    def is_shipped(self) -> bool:
        """Whether the sources are those the project carries, which must be mapped to the last cell."""
        return all(table.is_as_recorded for table in self.summary.loaded)

    def transform(self) -> str:
        result = self._dbt(BEFORE_MODELS)
        with duckdb.connect(str(self.database)) as connection:
            rows = connection.execute("select remedy from quality.unmapped_values order by all").fetchall()
        self._warn([remedy for (remedy,) in rows])
        self._warn(result.warnings)
        return result.told

    def transform_predictions(self) -> str:
        result = self._dbt(AFTER_MODELS)
        self._warn(result.warnings)
        return result.told

    def work_out_scenarios(self) -> str:
        with duckdb.connect(str(self.database)) as connection:
            count = write_scenarios(connection)
        result = self._dbt(AFTER_SCENARIOS)
        self._warn(result.warnings)
        # Whatever made dbt run fewer: an environment, a selection, an update.
        if left_out := self.dbt.left_out(self.tested):
            raise GateFailedError("transform", left_out)
        return f"{count} scenarios, {result.told}"

    def _dbt(self, selection: tuple[str, ...]) -> TransformResult:
        try:
            result = self.dbt.build(selection, self.reporter.note, unit_tests=self.models_changed)
        except GateFailedError as error:
            with duckdb.connect(str(self.database)) as connection:
                raise GateFailedError(error.gate, [*lost_cells(connection), *error.sentences]) from error
        self.summary.models += result.models
        self.summary.tests_passed += result.tests_passed
        self.summary.tests_known += result.tests_known
        self.tested |= {name for name, _, _ in result.outcomes}
        with duckdb.connect(str(self.database)) as connection:
            record_results(connection, _as_checks(result))
        return result

    def _warn(self, sentences: list[str]) -> None:
        """Note what is not right of other people's tables; in the shipped ones it stops the build."""
        if sentences and self.is_shipped:
            raise GateFailedError("transform", sentences)
        self.summary.warnings += sentences

    def model(self) -> str:
        try:
            run = ml.run(
                self.database,
                previous_file=self.previous,
                retrain=self.request.retrain or self.request.full_refresh,
                settings=self.request.settings,
                progress=self.reporter.note,
            )
        except ml.PipelineError as error:
            raise ReeError(
                str(error).rstrip("."), "correct the rows it names, or build with --full-refresh"
            ) from error
        with duckdb.connect(str(self.database)) as connection:
            comment_on_model_tables(connection)
        self.summary.run = run
        if run.set_aside:
            self.summary.warnings.append(f"{run.set_aside}.")
        return f"{'reused' if run.reused else 'trained'} {run.model_run_id} on {run.training_rows} projects"

    def check_published(self) -> str:
        with duckdb.connect(str(self.database)) as connection:
            results = run_gate("published", connection, published_suites(), strict=self.is_shipped)
            self.summary.warnings += [r.observed for r in results if r.outcome == "warn"]
            self.summary.cells = count_cells(connection)
            self.summary.marts = len(read_relations(connection, ["marts"]))
        self.summary.gate_checks += len(results)
        return f"{len(results)} checks hold"

    def document(self) -> str:
        self.site = make_docs(self.dbt, self.database, self.folder)
        return f"{self.site.stat().st_size / 1e6:.1f} MB, self-contained"

    def publish(self) -> str:
        output = self.request.output
        with duckdb.connect(str(self.database)) as connection:
            seconds = time.perf_counter() - self.started
            record_build(
                connection,
                self.summary.loaded,
                self.inputs,
                self.previous,
                seconds,
                self.summary.step_seconds,
            )
        compact(self.database)
        # File and page change together.
        with shielded():
            try:
                keep_current(output, self.request.keep)
            except ReeError as error:
                self.summary.warnings.append(str(error))
            logs = publish(self.database, output)
            if self.request.docs:
                put_docs(self.site, output)
        for log in logs:
            self.summary.warnings.append(
                f"{display(output)}: another program left changes that were never put into the file; they "
                f"are kept in {log.name} and are not in the new file."
            )
        return display(output)


def build(request: BuildRequest, reporter: Reporter) -> BuildSummary:
    """Build and publish.

    Raises:
        ReeError: If an input is broken, the output is not a file, or another build is under way beside it.
        GateFailedError: If a gate, model or test fails. Either way the published file stays as it was.
    """
    if request.published_dir is not None and not request.published_dir.is_dir():
        raise ReeError("there is no such folder", "correct --sources", file=request.published_dir)
    refuse_other_than_file(request.output)
    with sole_build(request.output), work_folder(request.output) as folder:
        try:
            return _Build(request, folder, reporter).run()
        except duckdb.Error as error:
            raise ReeError(
                f"the database engine stopped ({' '.join(str(error).split())})",
                "free the disk or report this as a defect",
                file=display(request.output),
            ) from error


def _as_checks(result: TransformResult) -> list[CheckResult]:
    outcome = {"pass": "pass", "success": "pass", "warn": "warn"}
    return [
        CheckResult("transform", name, outcome.get(status, "fail"), f"{failures} failing rows")
        for name, status, failures in result.outcomes
    ]


__all__ = ["BuildRequest", "BuildSummary", "GateFailedError", "Reporter", "build", "docs_file"]
