"""Running suites with Great Expectations, and telling each failure in one sentence.

Great Expectations' own SQL datasource fails on DuckDB, so each suite runs on the query's result as a pandas
frame.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import duckdb

from warehouse.build.gates.checks import Check, Suite
from warehouse.errors import GateFailedError
from warehouse.file.definition import Definition, create, insert

CHECK_RESULTS = Definition(
    "quality",
    "check_results",
    "One row per check of this build: quality gates (loaded, published) and dbt tests (transform).",
    {"gate": "varchar", "check": "varchar", "outcome": "varchar", "observed": "varchar"},
)

_SHOWN_PLACES = 3


@dataclass(frozen=True)
class CheckResult:
    """Outcome of one expectation: ``outcome`` is ``pass``, ``warn`` or ``fail``."""

    gate: str
    check: str
    outcome: str
    observed: str


def run_gate(
    gate: str, connection: duckdb.DuckDBPyConnection, suites: Iterable[Suite], *, strict: bool = False
) -> list[CheckResult]:
    """Run every suite and record the outcomes in ``quality.check_results``.

    Args:
        gate: Name of the gate.
        connection: Connection to the file under construction.
        suites: What to check.
        strict: Whether expectations of severity ``warn`` stop the build too.

    Raises:
        GateFailedError: If an expectation that stops the build fails, after all were run; one sentence each.
    """
    results = evaluate(connection, gate, suites)
    record_results(connection, results)
    stopping = {"fail", "warn"} if strict else {"fail"}
    sentences = [result.observed for result in results if result.outcome in stopping]
    if sentences:
        raise GateFailedError(gate, sentences)
    return results


def evaluate(connection: duckdb.DuckDBPyConnection, gate: str, suites: Iterable[Suite]) -> list[CheckResult]:
    """Run every suite without recording or raising; what is observed of a failure is its sentence."""
    results = []
    for suite in suites:
        for check, outcome in _validate(connection, suite):
            failed = not outcome["success"]
            name = f"{suite.name}: {check.expect}({check.column or _brief(check.arguments)})"
            observed = _sentence(suite, check, outcome) if failed else _observed(outcome)
            results.append(CheckResult(gate, name, check.severity if failed else "pass", observed))
    return results


def record_results(connection: duckdb.DuckDBPyConnection, results: list[CheckResult]) -> None:
    """Append ``results`` to ``quality.check_results``, creating it if need be."""
    create(connection, CHECK_RESULTS, keep=True)
    insert(connection, CHECK_RESULTS, [(r.gate, r.check, r.outcome, r.observed) for r in results])


def recorded_results(connection: duckdb.DuckDBPyConnection, gates: list[str]) -> list[CheckResult]:
    """Return what the build recorded of ``gates`` in ``quality.check_results``, in the order it ran."""
    rows = connection.execute(
        'select gate, "check", outcome, observed from quality.check_results '
        "where list_contains(?, gate) order by rowid",
        [gates],
    ).fetchall()
    return [CheckResult(*row) for row in rows]


def _validate(connection: duckdb.DuckDBPyConnection, suite: Suite) -> list[tuple[Check, dict[str, Any]]]:
    frame = connection.execute(suite.query).df()
    with _quiet():
        import great_expectations as gx

        batch = (
            _context(gx)
            .data_sources.add_or_update_pandas("warehouse")
            .add_dataframe_asset("rows")
            .add_batch_definition_whole_dataframe("all")
            .get_batch({"dataframe": frame})
        )
        expectations = gx.ExpectationSuite(
            name=suite.name,
            expectations=[_expectation(gx, check, number) for number, check in enumerate(suite.checks)],
        )
        result_format: dict[str, Any] = {"result_format": "COMPLETE"}
        if suite.row_place:
            result_format["unexpected_index_column_names"] = [suite.row_place]
        validated = batch.validate(expectations, result_format=result_format)
    by_number = {r.expectation_config.meta["number"]: r.to_json_dict() for r in validated.results}
    return [(check, by_number[number]) for number, check in enumerate(suite.checks)]


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep Great Expectations from reporting home, and from logging through handlers that others left."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)


def _context(gx: Any) -> Any:
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    return context


def _expectation(gx: Any, check: Check, number: int) -> Any:
    name = "".join(word.capitalize() for word in f"expect_{check.expect}".split("_"))
    return getattr(gx.expectations, name)(**check.arguments, meta={"number": number})


def _sentence(suite: Suite, check: Check, outcome: dict[str, Any]) -> str:
    column = f", column {check.column}" if check.column else ""
    error = (outcome.get("exception_info") or {}).get("exception_message")
    if error:
        return f"{suite.name}{column}: the check could not run ({error}); {check.remedy}."
    result = outcome.get("result") or {}
    places = result.get("unexpected_index_list") or []
    if places and suite.row_place:
        label = suite.row_place.removeprefix("source_")
        values = [_brief(v) for k, v in places[0].items() if k != suite.row_place]
        found = f" ({', '.join(values)})" if values else ""
        shown = ", ".join(str(p[suite.row_place]) for p in places[:_SHOWN_PLACES])
        more = f" and {len(places) - _SHOWN_PLACES} more" if len(places) > _SHOWN_PLACES else ""
        return f"{suite.name}, {label} {shown}{more}{column}: {check.meaning}{found}; {check.remedy}."
    return f"{suite.name}{column}: {check.meaning} (observed {_observed(outcome)}); {check.remedy}."


def _observed(outcome: dict[str, Any]) -> str:
    result = outcome.get("result") or {}
    if "observed_value" in result:
        return _brief(result["observed_value"])
    if "element_count" in result:
        return f"{result.get('unexpected_count', 0)} of {result['element_count']} unexpected"
    return "no observation"


def _brief(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return repr(value) if isinstance(value, str) else text[:200]
