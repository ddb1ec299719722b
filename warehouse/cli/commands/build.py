"""``ree build`` and what concerns a build: the gate, the longer studies."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from warehouse.cli import console
from warehouse.cli.common import BUILD, FileOption, JsonOption, panel, print_json, tell
from warehouse.paths import DEFAULT_OUTPUT, KEPT_BUILDS, display

if TYPE_CHECKING:
    from warehouse.build.request import BuildRequest

KeepOption = Annotated[
    int,
    typer.Option(
        "--keep", min=0, envvar="REE_KEEP_BUILDS", help="Earlier builds to keep in `history` beside the file."
    ),
]

commands = typer.Typer()
command = panel(commands, BUILD)


@command("build")
def build_command(
    sources: Annotated[
        Path | None,
        typer.Option(help="Folder with mining_projects.csv and factory.csv as their publishers ship them."),
    ] = None,
    output: Annotated[Path, typer.Option(help="The published file.")] = DEFAULT_OUTPUT,
    full_refresh: Annotated[
        bool, typer.Option("--full-refresh", help="Forget earlier model runs and builds; train again.")
    ] = False,
    retrain: Annotated[
        bool, typer.Option("--retrain", help="Train again even if nothing changed; earlier runs are kept.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Build again even if nothing changed; no training for it.")
    ] = False,
    docs: Annotated[bool, typer.Option(help="Write the lineage site beside the file.")] = True,
    keep: KeepOption = KEPT_BUILDS,
    as_json: JsonOption = False,
) -> None:
    """Build everything: sources to the published file and the lineage site.

    The file is made aside and takes its place in one step; a failed build leaves the last one. While sources,
    code, libraries and the file itself are as they were, there is nothing to do. Earlier builds are kept in
    `history` beside the file: `ree rollback` puts one back.

    Example: ree build --no-docs
    """
    from warehouse.build.current import refuse_foreign
    from warehouse.build.request import BuildRequest

    request = BuildRequest(
        output=output,
        published_dir=sources,
        full_refresh=full_refresh,
        retrain=retrain,
        docs=docs,
        keep=keep,
    )
    if force or retrain or full_refresh:
        refuse_foreign(request.output)
    elif _is_up_to_date(request, as_json):
        return
    from warehouse.build.run import build
    from warehouse.cli.progress import ConsoleReporter

    reporter = ConsoleReporter()
    try:
        summary = build(request, reporter)
    finally:
        reporter.stop()
    if as_json:
        print_json(summary.as_dict())
    else:
        console.print_summary(summary)


def _is_up_to_date(request: BuildRequest, as_json: bool) -> bool:
    """Say so if there is nothing to build but perhaps the lineage site; else say what changed."""
    from warehouse.build.current import compare, refuse_foreign
    from warehouse.build.history import newer_builds, tell_newer
    from warehouse.pages.lineage import describes

    found = compare(request)
    older = tell_newer(request.output)
    if found.build is None or found.changed:
        refuse_foreign(request.output)
        if request.output.is_file():
            console.print_changes(request.output, found.changed)
            if older:
                console.err.print(older, soft_wrap=True)
        return False
    made = request.docs and not describes(request.output)
    if made:
        from warehouse.build.docs import write_docs
        from warehouse.cli.progress import under_way

        with under_way("Lineage site"):
            write_docs(request.output)
    when = f"{found.build.built_at:%Y-%m-%d %H:%M} UTC"
    tell(
        {
            "output": str(request.output),
            "unchanged": True,
            "build_id": found.build.build_id,
            "built_at": found.build.built_at,
            "lineage_site_made": made,
            "newer_builds": [build.name for build in newer_builds(request.output)],
        },
        f"Nothing changed since {found.build.build_id} ({when}): {display(request.output)} is up to date"
        f"{', and its lineage site is made again' if made else ''}. "
        "To build all the same: `ree build --force`, or `--retrain` to train too."
        f"{' ' + older if older else ''}",
        as_json,
    )
    return True


@command("rollback")
def rollback_command(
    build: Annotated[
        str | None, typer.Argument(metavar="BUILD", help="A kept build, or the beginning of its name.")
    ] = None,
    file: FileOption = DEFAULT_OUTPUT,
    as_json: JsonOption = False,
) -> None:
    """List the builds that are kept, or put one back in the place of the published file.

    File, digest and lineage page change in one step; what is replaced is kept too.

    Example: ree rollback
    """
    from warehouse.build.history import current_build, kept_builds, roll_back
    from warehouse.paths import published_file

    if build is not None:
        found, replaced = roll_back(file, build)
        sentence = (
            f"{display(file)} is {found.name} again (built {found.built_at} UTC); "
            f"{replaced.name}, which it replaced, is kept"
        )
        tell({"put_back": found.name, "replaced": replaced.name, "sha256": found.digest}, sentence, as_json)
        return
    now, kept = current_build(published_file(file)), kept_builds(file)
    if as_json:
        print_json({"current": now.as_dict(), "kept": [each.as_dict() for each in kept]})
        return
    rows = [
        (each.name, each.built_at, round(each.file.stat().st_size / 1e6, 1), (each.digest or "")[:12], place)
        for each, place in [(now, "published"), *((each, "kept") for each in kept)]
    ]
    console.print_rows(["build", "built (UTC)", "MB", "SHA-256", "is"], rows)


@command("check")
def check_command(file: FileOption = DEFAULT_OUTPUT, as_json: JsonOption = False) -> None:
    """Accept the published file again, beside what was checked when it was built.

    All its bytes are held against the digest beside it; without one, all its tables are read.

    Example: ree check --json
    """
    from warehouse.build.gates.checks import accounting_suite, published_suites
    from warehouse.build.gates.runner import CheckResult, evaluate, recorded_results
    from warehouse.build.gates.whole import check_whole
    from warehouse.file.query import connect

    whole = check_whole(file)
    recorded: list[CheckResult] = []
    evaluated = [whole.result]
    if whole.is_readable:
        with connect(file) as connection:
            recorded = recorded_results(connection, ["loaded", "transform"])
            evaluated += evaluate(connection, "published", [accounting_suite(), *published_suites()])
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
def study_command(
    file: FileOption = DEFAULT_OUTPUT, keep: KeepOption = KEPT_BUILDS, as_json: JsonOption = False
) -> None:
    """Run the longer studies that the file does not hold yet, and add their runs to it.

    Example: ree study
    """
    from warehouse.build.studies import RESULTS, run_studies
    from warehouse.cli.progress import ConsoleReporter
    from warehouse.file.query import ask

    reporter = ConsoleReporter()
    reporter.start("Studies")
    try:
        added = run_studies(file, reporter.note, keep=keep)
    finally:
        reporter.stop()
    if not as_json:
        found = ask(file, RESULTS)
        console.print_rows(found.names, found.rows)
    outcome = f"{display(file)}: {len(added)} studies added" if added else "nothing changed"
    tell({"added": added}, outcome, as_json)
