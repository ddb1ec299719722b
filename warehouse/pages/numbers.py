"""Numbers of the ensemble's metrics, looked up and written for reading."""

from __future__ import annotations

import math
from typing import Any

import duckdb

from warehouse.file.query import records

MISSING = "-"

CURRENT = """
    select metrics.* from marts.fct_model_metrics as metrics
    inner join marts.dim_model_runs as runs using (model_run_id)
    where runs.is_current and metrics.stratum_kind = 'all'
        and metrics.interval_level is null and metrics.compared_model_name is null
"""
"""Numbers over all projects that are neither of intervals nor differences: those have marts of their own."""

LATEST_STUDIES = """
    select metrics.* from marts.fct_model_metrics as metrics
    inner join marts.dim_model_runs as runs using (model_run_id)
    where runs.is_latest_study
"""


def with_error(value: float | None, error: float | None, digits: int = 2) -> str:
    """Write a number and its standard error; a dash where there is no number.

    Args:
        value: The number, None or NaN where there is none.
        error: Its standard error in the same unit; None, NaN or what rounds to 0 is left out.
        digits: Decimals of both.
    """
    if value is None or math.isnan(value):
        return MISSING
    # A zero has no sign.
    number = f"{round(value, digits) + 0.0:.{digits}f}"
    if error is None or math.isnan(error) or not round(error, digits):
        return number
    return f"{number} ± {error:.{digits}f}"


class Numbers:
    """Rows of ``marts.fct_model_metrics`` by what they measure; one that is not there is an error."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, sql: str) -> None:
        keys = ("model_name", "protocol", "metric", "target", "stratum")
        self._rows = {tuple(row[key] for key in keys): row for row in records(connection, sql)}

    def row(
        self, model: str, metric: str, protocol: str, target: str = "all", stratum: str = "all"
    ) -> dict[str, Any]:
        """Return the row.

        Raises:
            KeyError: If it was not measured.
        """
        return self._rows[model, protocol, metric, target, stratum]

    def has(self, model: str, metric: str, protocol: str) -> bool:
        """Whether a number over all targets and projects was measured."""
        return (model, protocol, metric, "all", "all") in self._rows

    def __call__(
        self,
        model: str,
        metric: str,
        protocol: str,
        target: str = "all",
        stratum: str = "all",
        digits: int = 2,
    ) -> str:
        """Write the number with its standard error; raises KeyError if it was not measured."""
        row = self.row(model, metric, protocol, target, stratum)
        return with_error(row["value"], row["standard_error"], digits)
