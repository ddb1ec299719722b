"""How the command line looks: progress, summary, tables, failures."""

from __future__ import annotations

import sys
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from warehouse.gates.runner import CheckResult
from warehouse.paths import display
from warehouse.summary import BuildSummary

# A pipe has no width: a table in a file must not be folded at 80 columns.
_PIPE_WIDTH = 1000

out = Console(highlight=False, width=None if sys.stdout.isatty() else _PIPE_WIDTH)
err = Console(stderr=True, highlight=False, width=None if sys.stderr.isatty() else _PIPE_WIDTH)


class ConsoleReporter:
    """Tells each step: live with what is under way on a terminal, one line per step when piped."""

    def __init__(self, console: Console = err) -> None:
        self.console = console
        self.live: Live | None = None
        self.step = ""

    def start(self, step: str) -> None:
        """Show that ``step`` is under way."""
        self.step = step
        if self.console.is_terminal:
            self.live = Live(Spinner("dots", step), console=self.console, transient=True)
            self.live.start()

    def note(self, text: str) -> None:
        """Show what just finished within the step."""
        if self.live:
            self.live.update(Spinner("dots", Text.assemble(self.step, ("  " + text, "dim"))))

    def finish(self, step: str, outcome: str, seconds: float) -> None:
        """Replace the live line by the outcome."""
        self.stop()
        self.console.print(
            Text.assemble(("✓ ", "green"), f"{step:<26}", (f"{outcome}", "dim"), f"  {seconds:.1f} s")
        )

    def stop(self) -> None:
        """Take down the live line, if there is one."""
        if self.live:
            self.live.stop()
            self.live = None


def print_summary(summary: BuildSummary) -> None:
    """Print the closing summary of a build."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", no_wrap=True)
    table.add_column()
    for loaded in summary.loaded:
        if loaded.name.endswith(("__projects", "__plants")):
            name = loaded.name.rsplit("__", 1)[1]
            table.add_row(
                f"Rows of {name}",
                f"{loaded.rows_in_file} in, {loaded.rows_loaded} carried, {loaded.rows_rejected} rejected",
            )
    cells = summary.cells
    table.add_row(
        "Published cells",
        f"{cells['published']} filled, {cells['corrected']} corrected by review, "
        f"{cells['tidied']} tidied (white space, dashes)",
    )
    table.add_row("dbt", f"{summary.models} models and seeds, {summary.tests_passed} tests pass")
    table.add_row("Quality gates", f"{summary.gate_checks} checks hold")
    if summary.run is not None:
        run = summary.run
        table.add_row(
            "Ensemble",
            f"{'reused' if run.reused else 'trained'} {run.model_run_id}, {run.training_rows} projects, "
            f"{run.predicted_projects} predicted",
        )
        table.add_row(
            "Out of fold, by site",
            f"RMSE {run.rmse_pct:.2f} ± {run.rmse_standard_error_pct:.2f} % of TREO "
            f"(training mean {run.mean_rmse_pct:.2f})",
        )
    table.add_row("Published", f"{display(summary.output)} in {summary.seconds:.0f} s")
    out.print()
    out.print(table)
    for warning in summary.warnings:
        out.print(Text.assemble(("! ", "yellow"), warning), soft_wrap=True)


def print_checks(results: list[CheckResult]) -> None:
    """Print one line per check."""
    marks = {"pass": ("✓", "green"), "warn": ("!", "yellow"), "fail": ("✗", "red")}
    for result in results:
        mark, colour = marks[result.outcome]
        out.print(
            Text.assemble((mark, colour), f" {result.gate}  {result.check}  ", (result.observed, "dim")),
            soft_wrap=True,
        )


def print_rows(names: list[str], rows: list[tuple[Any, ...]]) -> None:
    """Print a result as a table; nulls show as blanks, numbers stand right-aligned."""
    table = Table(show_edge=False, header_style="bold")
    for i, name in enumerate(names):
        numeric = any(isinstance(row[i], (int, float)) and not isinstance(row[i], bool) for row in rows)
        table.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*["" if value is None else str(value) for value in row])
    out.print(table)


def print_failure(sentence: str) -> None:
    """Print one failure sentence to standard error."""
    err.print(Text.assemble(("✗ ", "red"), sentence), soft_wrap=True)
