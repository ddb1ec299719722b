"""dbt, run inside this process."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from warehouse.errors import GateFailedError, ReeError
from warehouse.paths import DBT_PROJECT_DIR, display

BEFORE_MODELS = ("--exclude", "source:ml+")
AFTER_MODELS = ("--select", "source:ml+")


@dataclass
class TransformResult:
    """What one dbt run did.

    Attributes:
        models: Models and seeds built.
        tests_passed: Data and unit tests that held.
        warnings: One sentence per test that warned.
        outcomes: ``(node name, status, failures)`` of every test.
    """

    models: int = 0
    tests_passed: int = 0
    warnings: list[str] = field(default_factory=list)
    outcomes: list[tuple[str, str, int]] = field(default_factory=list)

    @property
    def told(self) -> str:
        """What was done, as words."""
        return f"{self.models} models and seeds, {self.tests_passed} tests pass"


@contextlib.contextmanager
def _environment(database: Path) -> Iterator[None]:
    saved = {name: os.environ.get(name) for name in ("REE_DUCKDB_PATH", "DBT_SEND_ANONYMOUS_USAGE_STATS")}
    os.environ["REE_DUCKDB_PATH"] = str(database)
    os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
    try:
        yield
    finally:
        for name, value in saved.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _invoke(arguments: list[str], database: Path, work_dir: Path, callbacks: list[Any]) -> Any:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    common = [
        "--project-dir",
        str(DBT_PROJECT_DIR),
        "--profiles-dir",
        str(DBT_PROJECT_DIR),
        "--target-path",
        str(work_dir / "dbt"),
        "--log-path",
        str(work_dir / "dbt-logs"),
        "--quiet",
        "--no-version-check",
        "--no-use-colors",
    ]
    with _environment(database), contextlib.redirect_stdout(io.StringIO()) as printed:
        try:
            result = dbtRunner(callbacks=callbacks).invoke([*arguments, *common])
        finally:
            # dbt keeps the engine's write lock until told otherwise.
            DuckDBConnectionManager.close_all_connections()
    if result.exception is not None:
        raise ReeError(
            f"dbt stopped: {_one_line(str(result.exception) or printed.getvalue())}",
            "mend the model or mapping it names",
            file=display(DBT_PROJECT_DIR),
        )
    return result


def run_dbt(
    database: Path,
    work_dir: Path,
    selection: tuple[str, ...] = (),
    progress: Callable[[str], None] | None = None,
) -> TransformResult:
    """Run ``dbt build`` on ``database``: seeds, models, unit tests and data tests.

    Args:
        database: DuckDB file to build in; no other connection may hold it.
        work_dir: Folder for dbt's own outputs (manifest, compiled SQL, logs).
        selection: dbt node selection arguments.
        progress: Called with the name of each node as it finishes.

    Raises:
        GateFailedError: If a model, test or unit test failed; one sentence each.
        ReeError: If the project does not compile.
    """
    callbacks = [_node_callback(progress)] if progress else []
    outcome = _invoke(["build", *selection], database, work_dir, callbacks)
    result = TransformResult()
    failures: list[str] = []
    for node in outcome.result or []:
        _take(node, result, failures)
    if failures:
        raise GateFailedError("transform", failures)
    return result


def _take(node: Any, result: TransformResult, failures: list[str]) -> None:
    status, kind = str(node.status), str(node.node.resource_type)
    name = node.node.name
    if kind in ("test", "unit_test"):
        result.outcomes.append((name, status, int(node.failures or 0)))
    if status in ("success", "pass"):
        if kind in ("test", "unit_test"):
            result.tests_passed += 1
        else:
            result.models += 1
    elif status == "warn":
        result.warnings.append(_sentence(node))
    elif status in ("error", "fail", "runtime error"):
        failures.append(_sentence(node))


def _sentence(node: Any) -> str:
    path = node.node.original_file_path
    kind = str(node.node.resource_type).replace("_", " ")
    if str(node.node.resource_type) == "test" and str(node.status) in ("fail", "warn"):
        description = (node.node.description or "").strip()
        what = description or f"the {kind} {node.node.name} found {node.failures} row(s) that break it"
        return f"{path}: {_one_line(what)} ({node.failures} row(s))."
    return f"{path}: the {kind} {node.node.name} failed: {_one_line(node.message or '')}"


def _node_callback(progress: Callable[[str], None]) -> Callable[[Any], None]:
    def on_event(event: Any) -> None:
        if event.info.name == "NodeFinished":
            progress(event.data.node_info.node_name)

    return on_event


def generate_docs(database: Path, work_dir: Path) -> Path:
    """Write the lineage site as one self-contained HTML file and return its path.

    Raises:
        ReeError: If dbt cannot generate it.
    """
    _invoke(["docs", "generate", "--static"], database, work_dir, [])
    return work_dir / "dbt" / "static_index.html"


def _one_line(text: str) -> str:
    return " ".join(text.split())
