"""``ree build`` and what concerns a build: the gate, the longer studies."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Annotated

import typer

from warehouse.cli import console
from warehouse.cli.common import BUILD, FileOption, JsonOption, print_json, tell
from warehouse.paths import DEFAULT_OUTPUT, display

commands = typer.Typer()
command = functools.partial(commands.command, rich_help_panel=BUILD)


@command("build")
def build_command(
    sources: Annotated[
        Path | None,
        typer.Option(help="Folder with mining_projects.csv and factory.csv as their publishers ship them."),
    ] = None,
    output: Annotated[Path, typer.Option(help="The published file.")] = DEFAULT_OUTPUT,
    full_refresh: Annotated[
        bool, typer.Option("--full-refresh", help="Forget earlier model runs and builds; train anew.")
    ] = False,
    retrain: Annotated[
        bool, typer.Option("--retrain", help="Train anew even if nothing changed; earlier runs are kept.")
    ] = False,
    docs: Annotated[bool, typer.Option(help="Write the lineage site beside the file.")] = True,
    as_json: JsonOption = False,
) -> None:
    """Build everything: sources to the published file and the lineage site.

    The file is made aside and takes its place in one step; a failed build leaves the last one.

    Example: ree build --no-docs
    """
    from warehouse.build.run import BuildRequest, build
    from warehouse.cli.progress import ConsoleReporter

    reporter = ConsoleReporter()
    request = BuildRequest(
        output=output,
        published_dir=sources,
        full_refresh=full_refresh,
        retrain=retrain,
        docs=docs,
    )
    try:
        summary = build(request, reporter)
    finally:
        reporter.stop()
    if as_json:
        print_json(summary.as_dict())
    else:
        console.print_summary(summary)


@command("check")
def check_command(file: FileOption = DEFAULT_OUTPUT, as_json: JsonOption = False) -> None:
    """Accept the published file again, beside what was checked when it was built.

    Example: ree check --json
    """
    from warehouse.build.gates.checks import accounting_suite, published_suites
    from warehouse.build.gates.runner import evaluate, recorded_results
    from warehouse.file.query import connect

    with connect(file) as connection:
        recorded = recorded_results(connection, ["loaded", "transform"])
        evaluated = evaluate(connection, "published", [accounting_suite(), *published_suites()])
    results = [*recorded, *evaluated]
    failed = [result for result in results if result.outcome == "fail"]
    if as_json:
        print_json([vars(result) for result in results])
    else:
        console.print_recorded_checks(recorded)
        console.print_checks(evaluated)
        verdict = (
            f"{len(failed)} of {len(results)} checks fail" if failed else f"all {len(results)} checks hold"
        )
        console.out.print(f"{display(file)}: {verdict}")
    if failed:
        raise typer.Exit(1)


@command("study")
def study_command(file: FileOption = DEFAULT_OUTPUT, as_json: JsonOption = False) -> None:
    """Run the longer studies that the file does not hold yet, and add their runs to it.

    Example: ree study
    """
    from warehouse.build.studies import RESULTS, run_studies
    from warehouse.cli.progress import ConsoleReporter
    from warehouse.file.query import ask

    reporter = ConsoleReporter()
    reporter.start("Studies")
    try:
        added = run_studies(file, reporter.note)
    finally:
        reporter.stop()
    if not as_json:
        found = ask(file, RESULTS)
        console.print_rows(found.names, found.rows)
    outcome = f"{display(file)}: {len(added)} studies added" if added else "nothing changed"
    tell({"added": added}, outcome, as_json)
