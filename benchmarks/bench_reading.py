"""Answering from the published file against reading its export with pandas or polars; sizes; export time.

Five questions are answered three ways, each way in a process of its own: SQL on the DuckDB file, pandas on
the exported CSV, polars on the exported Parquet. The DuckDB file is opened once, CSV and Parquet are read by
each answer; the best of some repeats counts, and the three must agree. Peak memory is that of the process.

    .venv/bin/python benchmarks/bench_reading.py [--file FILE] [--repeats N]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

REPEATS = 7
QUESTIONS = (
    "opening, before the first question",
    "projects by continent",
    "mean HREE share by deposit family",
    "ten projects richest in magnet rare earths",
    "stated capacity by product",
    "coverage of the 90 % interval by family",
)
Rows = list[list[Any]]
Way = Callable[[Path], list[Callable[[], Any]]]


def duckdb_file(file: Path) -> list[Callable[[], Any]]:
    """SQL on the published file."""
    import duckdb

    sql = (
        """select l.continent_as_published, count(*) from marts.dim_projects
        join marts.dim_locations as l using (location_id) group by 1""",
        """select t.deposit_family, avg(w.hree_pct) from marts.composition_best_wide as w
        join marts.dim_projects using (project_id) join marts.dim_deposit_types as t using (deposit_type_id)
        group by 1""",
        """select p.project_name, w.magnet_pct from marts.composition_best_wide as w
        join marts.dim_projects as p using (project_id) order by 2 desc, 1 limit 10""",
        """select product, sum(amount_high_t_per_year) from marts.fct_plant_capacities
        where measure = 'capacity' and parent_figure_position is null and restates_figure_position is null
        and amount_high_t_per_year is not null group by 1""",
        """select t.deposit_family, avg((observed_pct between lower_90_pct and upper_90_pct)::int)
        from marts.fct_composition_predictions join marts.dim_model_runs as r using (model_run_id)
        join marts.dim_projects using (project_id) join marts.dim_deposit_types as t using (deposit_type_id)
        where r.is_current and observed_pct is not null group by 1""",
    )

    def opening() -> Any:
        duckdb.connect(str(file), read_only=True).close()
        return []

    @cache
    def connection() -> Any:
        return duckdb.connect(str(file), read_only=True)

    def answer(query: str) -> Any:
        return connection().execute(query).fetchall()

    return [opening, *(partial(answer, query) for query in sql)]


def pandas_csv(folder: Path) -> list[Callable[[], Any]]:
    """Pandas on the exported CSV."""
    import pandas as pd

    def read(name: str, columns: list[str]) -> pd.DataFrame:
        file = folder / "csv" / "marts" / f"{name}.csv"
        return pd.read_csv(file, usecols=columns, keep_default_na=False, na_values=[""])

    def families() -> pd.DataFrame:
        projects = read("dim_projects", ["project_id", "deposit_type_id"])
        return projects.merge(read("dim_deposit_types", ["deposit_type_id", "deposit_family"]))

    def by_continent() -> Any:
        projects = read("dim_projects", ["location_id"])
        places = read("dim_locations", ["location_id", "continent_as_published"])
        return projects.merge(places).groupby("continent_as_published", as_index=False).size().to_numpy()

    def hree() -> Any:
        wide = read("composition_best_wide", ["project_id", "hree_pct"]).merge(families())
        return _with_none(wide.groupby("deposit_family", dropna=False, as_index=False)["hree_pct"].mean())

    def richest() -> Any:
        wide = read("composition_best_wide", ["project_id", "magnet_pct"])
        named = wide.merge(read("dim_projects", ["project_id", "project_name"]))
        ordered = named.sort_values(["magnet_pct", "project_name"], ascending=[False, True])
        return ordered[["project_name", "magnet_pct"]].head(10).to_numpy()

    def capacity() -> Any:
        place = ["parent_figure_position", "restates_figure_position"]
        rows = read("fct_plant_capacities", ["measure", "product", "amount_high_t_per_year", *place])
        own = rows[(rows["measure"] == "capacity") & rows[place].isna().all(axis=1)]
        stated = own.dropna(subset="amount_high_t_per_year")
        return _with_none(
            stated.groupby("product", dropna=False, as_index=False)["amount_high_t_per_year"].sum()
        )

    def coverage() -> Any:
        bounds = ["observed_pct", "lower_90_pct", "upper_90_pct"]
        rows = read("fct_composition_predictions", ["model_run_id", "project_id", *bounds])
        runs = read("dim_model_runs", ["model_run_id", "is_current"])
        current = rows.merge(runs[runs["is_current"]]).dropna(subset="observed_pct").merge(families())
        covered = current["observed_pct"].between(current["lower_90_pct"], current["upper_90_pct"])
        return _with_none(covered.groupby(current["deposit_family"], dropna=False).mean().reset_index())

    return [list, by_continent, hree, richest, capacity, coverage]


def _with_none(frame: Any) -> Any:
    return frame.astype(object).where(frame.notna(), None).to_numpy()


def polars_parquet(folder: Path) -> list[Callable[[], Any]]:
    """Polars on the exported Parquet, lazily."""
    import polars as pl

    def scan(name: str) -> pl.LazyFrame:
        return pl.scan_parquet(folder / "parquet" / "marts" / f"{name}.parquet")

    def families() -> pl.LazyFrame:
        return scan("dim_projects").join(scan("dim_deposit_types"), on="deposit_type_id")

    def by_continent() -> Any:
        joined = scan("dim_projects").join(scan("dim_locations"), on="location_id")
        return joined.group_by("continent_as_published").len().collect().rows()

    def hree() -> Any:
        wide = scan("composition_best_wide").join(families(), on="project_id")
        return wide.group_by("deposit_family").agg(pl.col("hree_pct").mean()).collect().rows()

    def richest() -> Any:
        wide = scan("composition_best_wide").join(scan("dim_projects"), on="project_id")
        ordered = wide.sort(["magnet_pct", "project_name"], descending=[True, False]).head(10)
        return ordered.select("project_name", "magnet_pct").collect().rows()

    def capacity() -> Any:
        amount = pl.col("amount_high_t_per_year")
        own = pl.col("parent_figure_position").is_null() & pl.col("restates_figure_position").is_null()
        rows = scan("fct_plant_capacities").filter(pl.col("measure") == "capacity", own, amount.is_not_null())
        return rows.group_by("product").agg(amount.sum()).collect().rows()

    def coverage() -> Any:
        runs = scan("dim_model_runs").filter(pl.col("is_current"))
        rows = scan("fct_composition_predictions").filter(pl.col("observed_pct").is_not_null())
        current = rows.join(runs, on="model_run_id", how="semi").join(families(), on="project_id")
        is_covered = pl.col("observed_pct").is_between("lower_90_pct", "upper_90_pct")
        return current.group_by("deposit_family").agg(is_covered.mean()).collect().rows()

    return [list, by_continent, hree, richest, capacity, coverage]


WAYS: dict[str, Way] = {
    "SQL on the DuckDB file": duckdb_file,
    "pandas on the CSV": pandas_csv,
    "polars on the Parquet": polars_parquet,
}


def measure(way: str, place: Path, repeats: int) -> dict[str, Any]:
    """Answer every question ``repeats`` times in this process; seconds, answers and peak memory."""
    seconds, answers = [], []
    for answer in WAYS[way](place):
        found = []
        for _ in range(repeats):
            started = time.perf_counter()
            rows = answer()
            found.append(time.perf_counter() - started)
        seconds.append(min(found))
        answers.append(_plain(rows))
    return {"seconds": seconds, "answers": answers, "peak_mb": _peak_mb()}


def _plain(rows: Any) -> Rows:
    plain = [[round(v, 6) if isinstance(v, float) else v for v in row] for row in rows]
    return sorted(
        ([v if v is None else v.item() if hasattr(v, "item") else v for v in r] for r in plain), key=str
    )


def _peak_mb() -> float:
    """Most memory this process has held, in MB."""
    status = Path("/proc/self/status")
    if status.exists():  # getrusage would count what the parent held before the fork
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def measure_apart(way: str, place: Path, repeats: int) -> dict[str, Any]:
    """Measure one way in a process of its own, start-up included in ``total``."""
    command = [sys.executable, __file__, "--way", way, "--file", str(place), "--repeats"]
    total = _best(lambda: subprocess.run([*command, "1"], check=True, capture_output=True), 3)
    done = subprocess.run([*command, str(repeats)], check=True, capture_output=True, text=True)
    return {**json.loads(done.stdout), "total": total}


def print_questions(file: Path, folder: Path, repeats: int, console: Console) -> None:
    """Print how long each way takes for each question, and what it holds in memory."""
    found = {
        way: measure_apart(way, file if way == "SQL on the DuckDB file" else folder, repeats) for way in WAYS
    }
    first, *others = found.values()
    if any(other["answers"] != first["answers"] for other in others):
        sys.exit("the three ways do not agree, so their times mean nothing")
    table = Table(title=f"Five questions, milliseconds, best of {repeats} (times the DuckDB file)")
    table.add_column("question")
    for way in WAYS:
        table.add_column(way, justify="right")

    def add(name: str, values: list[float], form: str) -> None:
        # A way that has nothing to open takes no time to speak of.
        told = [value / values[0] for value in values]
        cells = [f"{v:{form}} ({r:.2g})" if r > 0.001 else "" for v, r in zip(values, told, strict=True)]
        table.add_row(name, *cells)

    for i, question in enumerate(QUESTIONS):
        add(question, [1000 * way["seconds"][i] for way in found.values()], ".1f")
    table.add_section()
    add("a process that answers all five", [1000 * way["total"] for way in found.values()], ".0f")
    add("peak memory, MB", [way["peak_mb"] for way in found.values()], ".0f")
    console.print(table)


def print_sizes(file: Path, folder: Path, console: Console) -> None:
    """Print what the same tables weigh as DuckDB, CSV and Parquet."""
    import duckdb

    from warehouse.export.request import EXPORTED_SCHEMAS

    with tempfile.TemporaryDirectory() as aside:
        alone = Path(aside) / "alone.duckdb"
        with duckdb.connect(str(alone)) as connection:
            connection.execute(f"attach '{file}' as published (read_only)")
            for schema in EXPORTED_SCHEMAS:
                connection.execute(f"create schema {schema}")
                for (name,) in connection.execute(
                    "select table_name from duckdb_tables() where database_name = 'published' "
                    "and schema_name = ?",
                    [schema],
                ).fetchall():
                    connection.execute(f"create table {schema}.{name} as from published.{schema}.{name}")
        sizes = {
            "Parquet": _weight(folder / "parquet"),
            "CSV": _weight(folder / "csv"),
            "DuckDB, the same tables": alone.stat().st_size,
            "DuckDB, the published file with all layers": file.stat().st_size,
        }
    table = Table(title=f"Schemas {' and '.join(EXPORTED_SCHEMAS)}")
    for name in ("form", "MB", "times Parquet"):
        table.add_column(name, justify="left" if name == "form" else "right")
    for name, size in sizes.items():
        table.add_row(name, f"{size / 1e6:.1f}", f"{size / sizes['Parquet']:.1f}")
    console.print(table)


def _weight(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def print_export(file: Path, folder: Path, repeats: int, console: Console) -> None:
    """Print how long the export takes against the bare copies a user would make by hand."""
    import duckdb

    from warehouse.export.request import EXPORTED_SCHEMAS, ExportRequest
    from warehouse.export.run import export

    def by_hand(target: Path) -> None:
        target.mkdir(exist_ok=True)
        with duckdb.connect(str(file), read_only=True) as connection:
            for schema, name in connection.execute(
                "select schema_name, table_name from duckdb_tables() where schema_name in (select unnest(?))",
                [list(EXPORTED_SCHEMAS)],
            ).fetchall():
                for form in ("csv", "parquet"):
                    connection.execute(f"copy {schema}.{name} to '{target / name}.{form}' (format {form})")

    ways = {
        "copy to, table by table: no units, keys, checksums": lambda: by_hand(folder / "by_hand"),
        "ree export": lambda: export(ExportRequest(folder / "export", file)),
    }
    table = Table(title=f"Export as CSV and Parquet, best of {repeats}")
    for name in ("way", "seconds", "times the first"):
        table.add_column(name, justify="left" if name == "way" else "right")
    seconds = [_best(way, repeats) for way in ways.values()]
    for name, taken in zip(ways, seconds, strict=True):
        table.add_row(name, f"{taken:.2f}", f"{taken / seconds[0]:.1f}")
    console.print(table)


def _best(action: Callable[[], Any], repeats: int) -> float:
    found = []
    for _ in range(repeats):
        started = time.perf_counter()
        action()
        found.append(time.perf_counter() - started)
    return min(found)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--file", type=Path, default=Path("build/ree.duckdb"))
    parser.add_argument("--repeats", type=int, default=REPEATS)
    parser.add_argument("--way", choices=WAYS, help="measure one way in this process and print JSON")
    arguments = parser.parse_args()
    if arguments.way:
        print(json.dumps(measure(arguments.way, arguments.file, arguments.repeats)))
        return
    console = Console(width=120)
    with tempfile.TemporaryDirectory() as aside:
        folder = Path(aside)
        print_export(arguments.file, folder, min(arguments.repeats, 3), console)
        print_sizes(arguments.file, folder / "export", console)
        print_questions(arguments.file, folder / "export", arguments.repeats, console)


if __name__ == "__main__":
    main()
