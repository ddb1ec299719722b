"""What the report asks the published file: one frame per query in ``queries/``."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import duckdb
import pandas as pd

from warehouse.errors import ReeError
from warehouse.file.query import connect

QUERIES = Path(__file__).parent / "queries"


@dataclass(frozen=True)
class ReportData:
    """Frames of the published file; each is named after its query, which says its columns and order."""

    projects: pd.DataFrame
    plants: pd.DataFrame
    locations: pd.DataFrame
    sites: pd.DataFrame
    edges: pd.DataFrame
    compositions: pd.DataFrame
    geochemistry: pd.DataFrame
    projects_by_continent: pd.DataFrame
    hree: pd.DataFrame
    headline_errors: pd.DataFrame
    league: pd.DataFrame
    coverage_by_family: pd.DataFrame
    coverage_by_target: pd.DataFrame
    out_of_fold: pd.DataFrame
    findings: pd.DataFrame
    cell_accounting: pd.DataFrame
    unmapped: pd.DataFrame
    values: pd.DataFrame
    scenario_balance: pd.DataFrame
    scenario_stages: pd.DataFrame
    scenario_projects: pd.DataFrame
    rejected: pd.DataFrame
    checks: pd.DataFrame
    builds: pd.DataFrame
    source_files: pd.DataFrame
    runs: pd.DataFrame


def read_report_data(file: Path) -> ReportData:
    """Run every query of the report.

    Raises:
        ReeError: If the file is missing, or was built before a table the report needs.
    """
    with connect(file) as connection:
        try:
            return ReportData(**{field.name: _frame(connection, field.name) for field in fields(ReportData)})
        except duckdb.Error as error:
            raise ReeError(
                f"the file lacks what the report reads ({str(error).splitlines()[0]})",
                "run `make build` again",
                file=file,
            ) from error


def _frame(connection: duckdb.DuckDBPyConnection, name: str) -> pd.DataFrame:
    return connection.execute((QUERIES / f"{name}.sql").read_text(encoding="utf-8")).df()
