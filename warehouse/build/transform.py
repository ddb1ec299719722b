"""dbt, run inside this process."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from warehouse.digest import sha256_of_text, sha256_of_text_file
from warehouse.errors import GateFailedError, ReeError
from warehouse.paths import CACHE_DIR, DBT_PROJECT_DIR, display
from warehouse.writing import opened

BEFORE_MODELS = ("--exclude", "source:ml+", "source:scenario+")
AFTER_MODELS = ("--select", "source:ml+", "--exclude", "source:scenario+")
AFTER_SCENARIOS = ("--select", "source:scenario+")


_SHOWN_ROWS = 3
_EXPLAINED_FAILURES = 20


@dataclass
class TransformResult:
    """What one dbt run did.

    Attributes:
        models: Models and seeds built.
        tests_passed: Data and unit tests that held.
        tests_known: Unit tests that held before for the same models, and were not run.
        warnings: One sentence per test that warned.
        failures: One sentence per model or test that failed.
        outcomes: ``(node name, status, failures)`` of every test.
        unfinished: Unique ids of the nodes that failed or were skipped for it.
    """

    models: int = 0
    tests_passed: int = 0
    tests_known: int = 0
    warnings: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    outcomes: list[tuple[str, str, int]] = field(default_factory=list)
    unfinished: set[str] = field(default_factory=set)

    @property
    def told(self) -> str:
        """What was done, as words."""
        known = f", {self.tests_known} unit tests passed before" if self.tests_known else ""
        return f"{self.models} models and seeds, {self.tests_passed} tests pass{known}"


class Dbt:
    """dbt on one database; the project is parsed once for all that is asked of it.

    Args:
        database: DuckDB file to build in; no other connection may hold it during a call.
        work_dir: Folder for dbt's own outputs (manifest, compiled SQL).
    """

    def __init__(self, database: Path, work_dir: Path) -> None:
        self._database = database.resolve()
        self._target = work_dir.resolve() / "dbt"
        self._parsed: Any = None

    def build(
        self,
        selection: tuple[str, ...] = (),
        progress: Callable[[str], None] | None = None,
        *,
        unit_tests: bool = True,
    ) -> TransformResult:
        """Run ``dbt build``: seeds, models, unit tests and data tests.

        Args:
            selection: dbt node selection arguments.
            progress: Called with the name of each node as it finishes.
            unit_tests: Whether to run unit tests. Their rows are written beside them, so that of models
                for which they held they say nothing new.

        Raises:
            GateFailedError: If a model, test or unit test failed; one sentence each.
            ReeError: If the project does not compile.
        """
        left_out = ["test_type:generic"] if unit_tests else ["test_type:generic", "test_type:unit"]
        callbacks = [_node_callback(progress)] if progress else []
        outcome = self._invoke(["build", *selection, "--exclude", *left_out], callbacks)
        result = TransformResult()
        for node in outcome.result or []:
            _take(node, result)
        self.run_declared_tests(selection, result)
        if not unit_tests:
            known = [test.name for test in self._selected_tests(selection, "unit_test")]
            result.tests_known = len(known)
            result.outcomes += [(name, "pass", 0) for name in known]
        if result.failures:
            raise GateFailedError("transform", result.failures)
        return result

    def run_declared_tests(self, selection: tuple[str, ...], result: TransformResult) -> None:
        """Run what is declared beside the columns of the tables that are there, in one statement.

        Args:
            selection: dbt node selection arguments.
            result: What was found before; what these tests say is added, their failures first.
        """
        declared = [one for one in self._selected_tests(selection, "test") if hasattr(one, "test_metadata")]
        ready = [test for test in declared if not result.unfinished & set(test.depends_on.nodes)]
        found = TransformResult()
        plain = [test for test in ready if _is_plain(test)]
        try:
            self._ask_at_once(plain, found)
        except ReeError:
            # One test that cannot run takes all with it; dbt names it.
            found, plain = TransformResult(), []
        self._run_one_by_one([test for test in ready if test not in plain], found)
        result.tests_passed += found.tests_passed
        result.outcomes += found.outcomes
        result.warnings += found.warnings
        result.failures[:0] = found.failures

    def left_out(self, run: set[str]) -> list[str]:
        """Return one sentence per test of the project that is not among those ``run``, by name."""
        manifest = self._manifest()
        tests = [node for node in manifest.nodes.values() if node.resource_type == "test"]
        return sorted(
            f"{test.original_file_path}: the test {test.name} was not run."
            for test in [*tests, *manifest.unit_tests.values()]
            if test.name not in run
        )

    def document(self) -> Path:
        """Write the lineage site as one self-contained HTML file and return its path.

        Raises:
            ReeError: If dbt cannot generate it.
        """
        manifest = self._manifest()
        arguments = ["docs", "generate", "--static"]
        # What was built was compiled; doing so again takes longer than all the rest.
        if any(getattr(node, "compiled", False) for node in manifest.nodes.values()):
            arguments.append("--no-compile")
            manifest.write(str(self._target / "manifest.json"))
        self._invoke(arguments)
        return self._target / "static_index.html"

    def _manifest(self) -> Any:
        """Return the parsed project; what the last build parsed spares dbt all files that did not change."""
        if self._parsed is None:
            kept = CACHE_DIR / kept_parse(DBT_PROJECT_DIR)
            parsed = self._target / "partial_parse.msgpack"
            parsed.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(OSError):
                shutil.copyfile(kept, parsed)
            self._parsed = self._call(["parse"]).result
            with contextlib.suppress(OSError, ReeError):
                kept.parent.mkdir(parents=True, exist_ok=True)
                with opened(kept) as stream:
                    stream.write(parsed.read_bytes())
                for old in set(kept.parent.glob("dbt-*.msgpack")) - {kept}:
                    old.unlink()
        return self._parsed

    def _selected_tests(self, selection: tuple[str, ...], kind: str) -> list[Any]:
        manifest = self._manifest()
        listed = self._invoke(["list", *selection, "--resource-type", kind, "--output", "json"]).result or []
        ids = [json.loads(line)["unique_id"] for line in listed]
        return [manifest.nodes.get(one) or manifest.unit_tests[one] for one in ids]

    def _ask_at_once(self, tests: list[Any], result: TransformResult) -> None:
        if not tests:
            return
        by_id = {test.unique_id: test for test in tests}
        rows = self._ask(f"declared_tests({json.dumps(sorted(by_id))})")
        for test, count in ((by_id[row["test_id"]], int(row["failing_rows"])) for row in rows):
            status = "pass" if not count else "warn" if test.config.severity.lower() == "warn" else "fail"
            result.outcomes.append((test.name, status, count))
            if status == "pass":
                result.tests_passed += 1
                continue
            said = result.warnings if status == "warn" else result.failures
            examples = self._examples(test) if len(said) < _EXPLAINED_FAILURES else ""
            said.append(_sentence(test, status, count, examples=examples))

    def _run_one_by_one(self, tests: list[Any], result: TransformResult) -> None:
        if tests:
            outcome = self._invoke(["test", "--select", *(test.name for test in tests)])
            for node in outcome.result or []:
                _take(node, result)

    def _examples(self, test: Any) -> str:
        rows = self._ask(f"failing_rows(graph.nodes['{test.unique_id}'])", limit=_SHOWN_ROWS)
        told = (", ".join(f"{k} {v}" for k, v in row.items() if v is not None) for row in rows)
        return "; ".join(dict.fromkeys(text for text in told if text))

    def _ask(self, expression: str, limit: int = -1) -> list[dict[str, Any]]:
        """Return the rows of the query that a macro writes."""
        asked = ["show", "--inline", f"{{{{ {expression} }}}}", "--limit", str(limit), "--output", "json"]
        try:
            results = list(self._invoke(asked).result or [])
        finally:
            # dbt takes the query into the project; a second one could not come in.
            nodes = self._manifest().nodes
            for unique_id in [key for key in nodes if key.startswith("sql_operation.")]:
                del nodes[unique_id]
        if not results or results[0].agate_table is None:
            raise _stopped(str(results[0].message) if results else "the query did not run")
        return [dict(row) for row in results[0].agate_table.rows]

    def _invoke(self, arguments: list[str], callbacks: list[Any] | None = None) -> Any:
        return self._call(arguments, callbacks, self._manifest())

    def _call(self, arguments: list[str], callbacks: list[Any] | None = None, manifest: Any = None) -> Any:
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager
        from dbt.cli.main import dbtRunner

        common = [
            "--project-dir",
            str(DBT_PROJECT_DIR),
            "--profiles-dir",
            str(DBT_PROJECT_DIR),
            "--target-path",
            str(self._target),
            "--log-path",
            str(self._target / "logs"),
            "--log-level-file",
            "none",
            "--no-write-json",
            "--quiet",
            "--no-version-check",
            "--no-use-colors",
        ]
        with _surroundings(self._database), contextlib.redirect_stdout(io.StringIO()) as printed:
            try:
                result = dbtRunner(manifest=manifest, callbacks=callbacks).invoke([*arguments, *common])
            finally:
                # dbt keeps the engine's write lock until asked to let go.
                DuckDBConnectionManager.close_all_connections()
        if result.exception is not None:
            raise _stopped(str(result.exception) or printed.getvalue())
        return result


def run_dbt(
    database: Path,
    work_dir: Path,
    selection: tuple[str, ...] = (),
    progress: Callable[[str], None] | None = None,
) -> TransformResult:
    """Run ``dbt build`` on ``database`` once, as :meth:`Dbt.build` does."""
    return Dbt(database, work_dir).build(selection, progress)


def kept_parse(project: Path) -> str:
    """Name the file in which what dbt parsed is kept, a digest of what makes it useless.

    Seeds are remembered with the folder they lie in. A test of its own file whose SQL or macros changed is
    parsed again without its description and severity, so that a warning would stop a build.
    """
    files = sorted(
        file for folder in ("macros", "tests") for file in (project / folder).rglob("*.sql") if file.is_file()
    )
    digests = [sha256_of_text_file(file) for file in files]
    return f"dbt-{sha256_of_text(' '.join([str(project), *digests]))[:12]}.msgpack"


@contextlib.contextmanager
def _surroundings(database: Path) -> Iterator[None]:
    """Let dbt see the database alone: none of the user's own settings of dbt, and no path that varies.

    A parsed project is good for the next build only if the path in the profile is the same again.
    """
    saved = dict(os.environ)
    for name in [name for name in os.environ if name.startswith("DBT_")]:
        del os.environ[name]
    os.environ["REE_DUCKDB_PATH"] = database.name
    try:
        with contextlib.chdir(database.parent):
            yield
    finally:
        os.environ.clear()
        os.environ.update(saved)


def _stopped(message: str) -> ReeError:
    return ReeError(
        f"dbt stopped: {_one_line(message)}",
        "correct the model or mapping it names",
        file=display(DBT_PROJECT_DIR),
    )


def _is_plain(test: Any) -> bool:
    """Whether a generic test is asked as its macro writes it, of all rows, and none may break it."""
    config = test.config
    settled = (config.where, config.limit, config.fail_calc, config.warn_if, config.error_if)
    return settled == (None, None, "count(*)", "!= 0", "!= 0") and not test.test_metadata.namespace


def _take(node: Any, result: TransformResult) -> None:
    status, kind = str(node.status), str(node.node.resource_type)
    if kind in ("test", "unit_test"):
        result.outcomes.append((node.node.name, status, int(node.failures or 0)))
    if status in ("success", "pass"):
        if kind in ("test", "unit_test"):
            result.tests_passed += 1
        else:
            result.models += 1
    elif status == "warn":
        result.warnings.append(_sentence(node.node, status, node.failures))
    elif status in ("error", "fail", "runtime error"):
        result.failures.append(_sentence(node.node, status, node.failures, node.message or ""))
    if status in ("error", "runtime error", "skipped"):
        result.unfinished.add(node.node.unique_id)


def _sentence(node: Any, status: str, failures: int | None, message: str = "", examples: str = "") -> str:
    path, name = node.original_file_path, node.name
    kind = str(node.resource_type).replace("_", " ")
    if kind != "test" or status not in ("fail", "warn"):
        return f"{path}: the {kind} {name} failed: {_one_line(message)}"
    column = f", column {node.column_name}" if getattr(node, "column_name", None) else ""
    what = _one_line(node.description or "") or f"the test {name} does not hold"
    instance = f", for instance {examples}" if examples else ""
    return f"{path}{column}: {what} ({failures} row(s){instance})."


def _node_callback(progress: Callable[[str], None]) -> Callable[[Any], None]:
    def on_event(event: Any) -> None:
        if event.info.name == "NodeFinished":
            progress(event.data.node_info.node_name)

    return on_event


def _one_line(text: str) -> str:
    return " ".join(text.split())
