"""Import the packed bundle into a stock Superset and run every chart's query; exits 1 if anything fails."""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import yaml
from client import ApiError, Chart, Client, Filter
from server import ServerError, superset

BUNDLE = Path(__file__).resolve().parent / "bundle"


def check(published: Path, archive: Path, hold: bool = False) -> int:
    """Run the whole check, print one line per chart, and return how many things failed.

    Raises:
        ApiError, ServerError: If it does not come as far as the charts.
    """
    print(f"Superset {version('apache-superset')}, DuckDB {version('duckdb')}, {published}", flush=True)
    before, started = _sha256(published), time.monotonic()
    (dashboard,) = [yaml.safe_load(file.read_text("utf-8")) for file in BUNDLE.glob("dashboards/*.yaml")]
    with tempfile.TemporaryDirectory(prefix="ree-superset-") as folder, superset(Path(folder)) as server:
        print(f"✓ started in {time.monotonic() - started:.0f} s", flush=True)
        client = Client(server)
        client.import_dashboard(archive)
        failed = _check_dashboard(client, dashboard["slug"]) + _check_access(client)
        if hold:
            address = f"{server.url}/superset/dashboard/{dashboard['slug']}/"
            print(f"{address} user {server.user} password {server.password}", flush=True)
            input("Enter stops it.")
    unchanged = _sha256(published) == before
    print("✓ the published file is unchanged" if unchanged else "✗ the published file was changed")
    return failed + (not unchanged)


def _check_dashboard(client: Client, slug: str) -> int:
    charts, filters = client.charts(slug), client.filters(slug)
    in_bundle = len(list(BUNDLE.glob("charts/*.yaml")))
    print(f"{'✓' if len(charts) == in_bundle else '✗'} {len(charts)} of {in_bundle} charts on the dashboard")
    verdicts = [_check_chart(client, chart, filters) for chart in sorted(charts, key=lambda row: row.name)]
    return verdicts.count(False) + abs(in_bundle - len(charts))


def _check_chart(client: Client, chart: Chart, filters: list[Filter]) -> bool:
    """Run a chart as it is, then once under each filter that reaches it."""
    reached_by = [row for row in filters if chart.id not in row.excluded_chart_ids]
    try:
        rows = len(client.rows(chart))
        for row in reached_by:
            client.rows(chart, **{row.column: client.choices(row)[0]})
    except ApiError as error:
        print(f"✗ {chart.name}: {error}", flush=True)
        return False
    under = f", filtered by {', '.join(row.column for row in reached_by)}" if reached_by else ""
    print(f"{'✓' if rows else '✗'} {chart.name}: {rows} rows{under}", flush=True)
    return rows > 0


def _check_access(client: Client) -> int:
    """Ask the engine itself: a setting that Superset dropped on the way would go unseen."""
    (database,) = [yaml.safe_load(file.read_text("utf-8")) for file in BUNDLE.glob("databases/*.yaml")]
    (row,) = client.ask(database["database_name"], "select current_setting('access_mode') as access_mode")
    is_read_only = str(row["access_mode"]).lower() == "read_only"
    print(
        f"{'✓' if is_read_only else '✗'} Superset's connection: access mode {row['access_mode']}", flush=True
    )
    return int(not is_read_only)


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def main() -> None:
    """Check from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("published", type=Path, help="the published file")
    parser.add_argument("archive", type=Path, help="what `ree superset-bundle` made of it")
    parser.add_argument("--hold", action="store_true", help="keep Superset up to look at, until Enter")
    request = parser.parse_args()
    for file in (request.published, request.archive):
        if not file.is_file():
            sys.exit(f"✗ {file}: the file is missing; run `make build` and `ree superset-bundle` first.")
    try:
        failed = check(request.published, request.archive, request.hold)
    except (ApiError, OSError, ServerError) as error:
        sys.exit("\n".join([f"✗ {error}", *getattr(error, "__notes__", [])]))
    if failed:
        sys.exit(f"✗ {failed} failed")
    print("all charts run")


if __name__ == "__main__":
    main()
