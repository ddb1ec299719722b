"""How the command line looks: summary, tables, verdicts, failures."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shlex
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from warehouse.paths import display

if TYPE_CHECKING:
    from pathlib import Path

    from warehouse.build.gates.runner import CheckResult
    from warehouse.build.summary import BuildSummary
    from warehouse.errors import GateFailedError, ReeError
    from warehouse.file.describe import Description

# A pipe has no width: a table in a file must not be folded at 80 columns.
_PIPE_WIDTH = 1000
# Names, the line below them, and the prompt that follows.
_HEADER_LINES = 3
_SHOWN_CHANGES = 3

out = Console(highlight=False, width=None if sys.stdout.isatty() else _PIPE_WIDTH)
err = Console(stderr=True, highlight=False, width=None if sys.stderr.isatty() else _PIPE_WIDTH)


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
    known = f", {summary.tests_known} unit tests passed before" if summary.tests_known else ""
    table.add_row("dbt", f"{summary.models} models and seeds, {summary.tests_passed} tests pass{known}")
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


_MARKS = {"pass": ("✓", "green"), "warn": ("!", "yellow"), "fail": ("✗", "red")}
"""By outcome, the worst last."""


def print_changes(output: Path, changed: list[str]) -> None:
    """Print why a file is built again: what changed since, or that the file is not what a build left.

    Args:
        output: The published file.
        changed: Names of the inputs that changed; none if it is the file itself.
    """
    if not changed:
        err.print(f"{display(output)} is not as a build left it, and is built again.", soft_wrap=True)
        return
    more = f" and {len(changed) - _SHOWN_CHANGES} more" if len(changed) > _SHOWN_CHANGES else ""
    err.print(f"Changed since the last build: {', '.join(changed[:_SHOWN_CHANGES])}{more}", soft_wrap=True)


def print_checks(results: list[CheckResult]) -> None:
    """Print one line per check."""
    for result in results:
        _print_verdict(result.outcome, f"{result.gate}  {result.check}", result.observed)


def print_recorded_checks(results: list[CheckResult]) -> None:
    """Print one line per gate, and one for each of its checks that did not pass."""
    for gate in dict.fromkeys(result.gate for result in results):
        outcomes = [result.outcome for result in results if result.gate == gate]
        _print_verdict(
            max(outcomes, key=list(_MARKS).index),
            f"{gate}  {outcomes.count('pass')} of {len(outcomes)} checks passed",
            "when the file was built",
        )
    print_checks([result for result in results if result.outcome != "pass"])


def _print_verdict(outcome: str, text: str, detail: str) -> None:
    mark, colour = _MARKS[outcome]
    out.print(Text.assemble((mark, colour), f" {text}  ", (detail, "dim")), soft_wrap=True)


def print_rows(names: list[str], rows: list[tuple[Any, ...]], *, paged: bool = False) -> None:
    """Print a result as a table; nulls show as blanks, numbers are right-aligned.

    Args:
        names: Column names.
        rows: One tuple per row.
        paged: Hand the table to a pager if standard output is a terminal that it is too tall for.
    """
    table = _table(names, rows)
    if paged and out.is_terminal and len(rows) + _HEADER_LINES > out.height:
        _page(table)
    else:
        out.print(table)


def as_text(names: list[str], rows: list[tuple[Any, ...]]) -> str:
    """Write a result as `print_rows` does into a pipe, without the blanks that pad lines."""
    written = io.StringIO()
    Console(file=written, width=_PIPE_WIDTH, highlight=False).print(_table(names, rows))
    return "".join(f"{line.rstrip()}\n" for line in written.getvalue().splitlines())


def _table(names: list[str], rows: list[tuple[Any, ...]]) -> Table:
    table = Table(show_edge=False, header_style="bold")
    for i, name in enumerate(names):
        numeric = any(isinstance(row[i], (int, float)) and not isinstance(row[i], bool) for row in rows)
        table.add_column(_cell(name), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*[_cell("" if value is None else str(value)) for value in row])
    return table


def _cell(text: str) -> Text:
    """Return a cell as text: no markup is read in it, and control signs show instead of acting."""
    return Text(
        "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in text)
    )


def print_description(description: Description) -> None:
    """Print what a table holds: grain, key, rows, columns."""
    key = ", ".join(description["key"]) or "none declared"
    out.print(Text.assemble((description["table"], "bold"), f", {description['rows']} rows, key: {key}"))
    for text in (description["grain"], description["comment"]):
        if text:
            out.print(Text(text.rstrip(".") + "."), soft_wrap=True)
    out.print()
    table = Table(show_edge=False, header_style="bold")
    names = ("column", "type", "unit", "description")
    for name in names:
        table.add_column(name, overflow="fold")
    for column in description["columns"]:
        table.add_row(*(Text(column[name] or "") for name in names))
    out.print(table)


def _page(table: Table) -> None:
    # The pager scrolls sideways, so that nothing is folded.
    with out.capture() as captured:
        out.print(table, width=_PIPE_WIDTH)
    # A trailing blank on every line is only padding to the width.
    text = "\n".join(line.rstrip() for line in captured.get().splitlines()) + "\n"
    command = shlex.split(os.environ.get("PAGER", "less -SRX"))
    if not command or shutil.which(command[0]) is None:
        sys.stdout.write(text)
        return
    # A pager that is closed early takes no more lines: that is not a failure.
    with (
        contextlib.suppress(BrokenPipeError),
        subprocess.Popen(command, stdin=subprocess.PIPE, text=True) as pager,
    ):
        pager.communicate(text)


def print_failure(sentence: str) -> None:
    """Print one failure sentence to standard error."""
    err.print(Text.assemble(("✗ ", "red"), sentence), soft_wrap=True)


def print_error(error: ReeError | GateFailedError, *, as_json: bool = False) -> None:
    """Print a failure to standard error: a sentence per line, or one JSON object."""
    if as_json:
        sys.stderr.write(json.dumps({"error": error.as_dict()}, ensure_ascii=False) + "\n")
        return
    for sentence in getattr(error, "sentences", []):
        print_failure(sentence)
    print_failure(str(error.as_dict()["message"]))


_LINE_AND_CURSOR_BACK = "\r\x1b[2K\x1b[?25h"


def print_stopped(by: str, *, as_json: bool = False) -> None:
    """Write in one line that the command was stopped, and give a terminal its cursor back.

    Args:
        by: What stopped it.
        as_json: Write one JSON object.
    """
    sentence = f"stopped by {by}; what was not finished is removed, and published files are whole."
    line = json.dumps({"error": {"message": sentence}}) if as_json else f"✗ {sentence}"
    # Not through streams: the signal may have come while one of them was written to.
    with contextlib.suppress(OSError):
        for stream in (1, 2):
            if os.isatty(stream):
                os.write(stream, _LINE_AND_CURSOR_BACK.encode())
        os.write(2, f"{line}\n".encode())
