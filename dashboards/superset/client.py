"""The few calls of Superset's REST API that the check needs."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from server import Server

TIMEOUT_S = 120
LONGEST_REASON = 500
"""Letters of an answer that are shown: an error page of Superset's is HTML, and long."""


class ApiError(Exception):
    """Superset answered with an error."""


@dataclass(frozen=True)
class Chart:
    """A chart as Superset holds it after the import."""

    id: int
    name: str
    query_context: dict[str, Any]


@dataclass(frozen=True)
class Filter:
    """A filter of a dashboard: the column it sets, where its choices come from, whom it spares."""

    column: str
    dataset_id: int
    excluded_chart_ids: frozenset[int]


class Client:
    """A logged-in session."""

    def __init__(self, server: Server) -> None:
        self._url = server.url
        self._session = requests.Session()
        login = {"username": server.user, "password": server.password, "provider": "db", "refresh": False}
        token = self._call("POST", "security/login", json=login)["access_token"]
        self._session.headers["Authorization"] = f"Bearer {token}"
        self._session.headers["X-CSRFToken"] = self._call("GET", "security/csrf_token/")["result"]

    def import_dashboard(self, archive: Path) -> None:
        """Import a bundle as the user interface does.

        Raises:
            ApiError: If Superset refuses it.
        """
        with archive.open("rb") as stream:
            files = {"formData": (archive.name, stream, "application/zip")}
            self._call("POST", "dashboard/import/", files=files)

    def charts(self, slug: str) -> list[Chart]:
        """The charts on a dashboard, with their saved queries."""
        ids = [row["id"] for row in self._call("GET", f"dashboard/{slug}/charts")["result"]]
        rows = [(chart_id, self._call("GET", f"chart/{chart_id}")["result"]) for chart_id in ids]
        return [
            Chart(chart_id, row["slice_name"], json.loads(row["query_context"] or "{}"))
            for chart_id, row in rows
        ]

    def filters(self, slug: str) -> list[Filter]:
        """The filters of a dashboard."""
        metadata = json.loads(self._call("GET", f"dashboard/{slug}")["result"]["json_metadata"])
        return [
            Filter(target["column"]["name"], target["datasetId"], frozenset(row["scope"]["excluded"]))
            for row in metadata["native_filter_configuration"]
            for target in row["targets"]
        ]

    def choices(self, of: Filter) -> list[str]:
        """What a filter offers."""
        path = f"datasource/table/{of.dataset_id}/column/{of.column}/values/"
        return list(self._call("GET", path)["result"])

    def rows(self, chart: Chart, **equals: str) -> list[dict[str, Any]]:
        """Run a chart's saved query past every cache, with more filters (column = value) if any.

        Raises:
            ApiError: If the chart has no query, the query fails, or a filter finds no column.
        """
        context = copy.deepcopy(chart.query_context) | {"force": True}
        if not context.get("queries"):
            raise ApiError("the chart has no saved query")
        for query in context["queries"]:
            query["filters"] += [{"col": name, "op": "==", "val": value} for name, value in equals.items()]
        results = self._call("POST", "chart/data", json=context)["result"]
        for result in results:
            if result.get("error") or result["rejected_filters"]:
                raise ApiError(result.get("error") or f"filters rejected: {result['rejected_filters']}")
        return [row for result in results for row in result["data"]]

    def ask(self, database_name: str, sql: str) -> list[dict[str, Any]]:
        """Run a statement of one's own through SQL Lab."""
        databases = self._call("GET", "database/")["result"]
        (database_id,) = [row["id"] for row in databases if row["database_name"] == database_name]
        return list(
            self._call("POST", "sqllab/execute/", json={"database_id": database_id, "sql": sql})["data"]
        )

    def _call(self, method: str, path: str, **how: Any) -> dict[str, Any]:
        answer = self._session.request(method, f"{self._url}/api/v1/{path}", timeout=TIMEOUT_S, **how)
        if not answer.ok:
            said = " ".join(answer.text.split())[:LONGEST_REASON]
            raise ApiError(f"{method} {path} gives {answer.status_code}: {said}")
        payload: dict[str, Any] = answer.json()
        return payload
