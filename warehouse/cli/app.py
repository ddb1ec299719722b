"""``ree``: the command line, put together of its panels."""

from __future__ import annotations

import io
import sys

import typer

from warehouse.cli import console
from warehouse.cli.commands import ask, build, maintain, use
from warehouse.cli.common import failures_are_json
from warehouse.errors import GateFailedError, ReeError
from warehouse.interrupts import heeding

GUIDE = """
[bold]A first hour[/bold]

[cyan]make build[/cyan]  makes the environment and the published file, build/ree.duckdb, in some minutes

[cyan]ree query "show all tables"[/cyan]  says what is in it

[cyan]ree query --describe composition_best[/cyan]  says what a table holds, column by column

[cyan]ree query "select continent, projects from marts.rpt_projects_by_continent"[/cyan]  asks it

[cyan]ree show Mount Weld[/cyan]  prints all there is on one project; a plant or an id does as well

[cyan]ree predict sites.csv -o compositions.csv[/cyan]  predicts sites of your own

[cyan]ree docs --serve[/cyan]  opens the pages that describe every column and where it comes from

[bold]For machines[/bold]

With [cyan]--json[/cyan] the result is one JSON document on standard output, and a failure one JSON object \
with the key `error` on standard error. Exit codes: 0 done, 1 failed, 2 called wrongly (explained in words), \
130 and 143 stopped by Ctrl-C and SIGTERM. \
Colours and moving lines show on a terminal alone; NO_COLOR turns colours off there too.

[cyan]ree COMMAND --help[/cyan] has an example of each command; [cyan]ree --install-completion[/cyan] \
teaches your shell to complete commands, projects and tables.
"""

app = typer.Typer(
    help="The reference warehouse of the world's rare-earth projects and plants, in one DuckDB file.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    epilog=GUIDE.strip(),
)
for panel in (build, ask, use, maintain):
    app.add_typer(panel.commands)


def main() -> None:
    """Entry point: every expected failure is a sentence on standard error, with exit code 1."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that lacks a sign shows its code; what is data is written as UTF-8 beside this.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        with heeding(lambda name: console.print_stopped(name, as_json=failures_are_json())):
            app()
    except (ReeError, GateFailedError) as error:
        console.print_error(error, as_json=failures_are_json())
        sys.exit(1)
