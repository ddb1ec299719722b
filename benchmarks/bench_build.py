"""How long a build takes: the first one, with nothing changed, and after a changed mapping; and its steps.

Runs `ree build` three times in a copy of the project, so that nothing here is touched. Times are those of the
wall clock and of the processor; where the processor's is much smaller, something else kept the machine busy.

    .venv/bin/python benchmarks/bench_build.py
"""

from __future__ import annotations

import csv
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent
READ = ("warehouse", "ml", "dbt_project", "sources")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "target")
CHANGED_SEED = "dbt_project/seeds/company_spellings.csv"
STEPS = """
    select step, build_steps.seconds from meta.build_steps inner join meta.builds using (build_id)
    where is_current order by step_order
"""


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="bench-build-") as folder:
        project = Path(folder) / "ree"
        for name in READ:
            shutil.copytree(
                ROOT / name, project / name, ignore=shutil.ignore_patterns("__pycache__", "target")
            )
        cases = {"first build": build(project), "nothing changed": build(project)}
        change_a_mapping(project / CHANGED_SEED)
        cases["one mapping changed"] = build(project)
    tell(cases)


def build(project: Path) -> tuple[float, float, dict[str, float]]:
    """Build in ``project``; return the seconds of the wall clock, of the processor, and of each step done."""
    file = project / "build" / "ree.duckdb"
    before = file.stat().st_mtime_ns if file.exists() else None
    used, began = _processor_seconds(), time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", "from warehouse.cli.app import main; main()", "build"],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project)},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    seconds = time.perf_counter() - began
    steps = {}
    if file.stat().st_mtime_ns != before:
        with duckdb.connect(str(file), read_only=True) as connection:
            steps = dict(connection.execute(STEPS).fetchall())
    return seconds, _processor_seconds() - used, steps


def change_a_mapping(seed: Path) -> None:
    """Give the first row of ``seed`` another reason."""
    with seed.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    rows[0][header.index("reason")] += " (seen again)"
    with seed.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([header, *rows])


def tell(cases: dict[str, tuple[float, float, dict[str, float]]]) -> None:
    """Print what each case took, and each of its steps, in seconds."""
    table = Table("", *cases, title=f"Seconds on {os.cpu_count()} cores")
    for number, label in enumerate(("wall clock", "processor")):
        table.add_row(label, *(f"{case[number]:.1f}" for case in cases.values()))
    for step in cases["first build"][2]:
        table.add_row(
            f"  {step}", *(f"{case[2][step]:.1f}" if step in case[2] else "" for case in cases.values())
        )
    Console().print(table)


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
