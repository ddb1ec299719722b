"""Commands for those who keep the warehouse."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from warehouse import __version__
from warehouse.cli import console
from warehouse.cli.common import MAINTAIN, FileOption, JsonOption, OutputOption, panel, print_json, tell
from warehouse.diff.model import DiffFormat
from warehouse.errors import GateFailedError, ReeError
from warehouse.paths import DEFAULT_OUTPUT, PROJECT_ROOT, SOURCES_DIR, display
from warehouse.writing import is_stream, write_text

commands = typer.Typer()
command = panel(commands, MAINTAIN)


@command("diff")
def diff_command(
    old: Annotated[Path, typer.Argument(help="Published file before.")],
    new: Annotated[Path, typer.Argument(help="Published file after.")],
    form: Annotated[DiffFormat, typer.Option("--format", help="How to print.")] = DiffFormat.table,
    schemas: Annotated[
        list[str] | None,
        typer.Option("--schema", help="Schema to compare; may be repeated. marts by default."),
    ] = None,
    table: Annotated[str | None, typer.Option("--table", help="Compare this table alone.")] = None,
    limit: Annotated[
        int | None,
        typer.Option(min=0, help="Rows and cells shown of each table; 20 by default, in JSON all of them."),
    ] = None,
    volatile: Annotated[
        bool,
        typer.Option("--volatile", help="Compare when and by which code things were made, and runs by id."),
    ] = False,
    exact: Annotated[
        bool, typer.Option("--exact", help="List fractions too that differ by rounding alone.")
    ] = False,
) -> None:
    """Tell what changed between two published files: schema, rows by key, cells.

    The current model runs are compared with each other, whatever their ids; earlier runs by their ids.

    Exit code 0 if nothing changed, 1 if something did, 2 if the files cannot be compared.

    Example: ree diff last-release.duckdb build/ree.duckdb --limit 5
    """
    from warehouse.cli.diff_view import print_diff
    from warehouse.diff.compare import COMPARED_SCHEMAS, DiffRequest, compare
    from warehouse.diff.report import as_dict

    request = DiffRequest(old, new, tuple(dict.fromkeys(schemas or COMPARED_SCHEMAS)), table, volatile, exact)
    try:
        found = compare(request)
    except ReeError as error:
        console.print_failure(str(error))
        raise typer.Exit(2) from error
    if form is DiffFormat.json:
        typer.echo(json.dumps(as_dict(found, limit), ensure_ascii=False))
    else:
        print_diff(found, limit)
    if not found.is_equal:
        raise typer.Exit(1)


@command("fingerprint")
def fingerprint_command(
    file: FileOption = DEFAULT_OUTPUT,
    schemas: Annotated[
        list[str] | None,
        typer.Option("--schema", help="Schema to take; may be repeated. marts by default."),
    ] = None,
    volatile: Annotated[
        bool,
        typer.Option("--volatile", help="Count when and by which code things were made, and runs by id."),
    ] = False,
    against: Annotated[
        Path | None,
        typer.Option(metavar="FILE.json", help="What --json printed of another file; compare with it."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Print a digest of each table that the order of rows does not change, to prove two files the same.

    Fractions count by their value, of model runs the current one counts, whatever its id. Files that
    `ree diff --exact` calls the same have one fingerprint.

    Exit code 0, or 1 if a table differs from --against, which then decides schemas and --volatile.

    Example: ree fingerprint --json

    Example: ree fingerprint --against fingerprint.json
    """
    from warehouse.cli.diff_view import print_differences, print_fingerprint
    from warehouse.diff.compare import COMPARED_SCHEMAS
    from warehouse.diff.fingerprint import compare_fingerprints, read_stored, take_fingerprint

    if against is None:
        wanted = tuple(dict.fromkeys(schemas or COMPARED_SCHEMAS))
        taken = take_fingerprint(file, wanted, with_volatile=volatile)
        print_json(taken.as_dict()) if as_json else print_fingerprint(taken)
        return
    if schemas or volatile:
        raise ReeError("--against decides what is compared", "leave out --schema and --volatile")
    stored = read_stored(against)
    taken = take_fingerprint(file, stored.schemas, with_volatile=stored.with_volatile)
    differences = compare_fingerprints(stored, taken)
    if as_json:
        listed = [vars(difference) for difference in differences]
        print_json({**taken.as_dict(), "is_equal": not listed, "differences": listed})
    else:
        print_differences(differences, len(taken.tables))
    if differences:
        raise typer.Exit(1)


@command("pages")
def pages_command(
    names: Annotated[
        list[str] | None, typer.Argument(help="Pages by path, as in docs/model-card.md; all by default.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail if a page differs from what the file gives.")
    ] = False,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Folder to write below; the repository by default.")
    ] = PROJECT_ROOT,
    file: FileOption = DEFAULT_OUTPUT,
    as_json: JsonOption = False,
) -> None:
    """Write the pages of the repository that repeat what the published file says: model card, guides, README.

    Example: ree pages --check
    """
    from warehouse.pages.committed import write_pages

    done = write_pages(file, console.as_text, names, check=check, root=output)
    if done.differences:
        raise GateFailedError("pages", done.differences, "`ree pages` writes them all")
    said = "agree with the published file" if check else "written"
    paths = [display(path) for path in done.paths]
    sentences = [*done.notes, f"{len(paths)} pages and figures {said}"]
    tell({"pages": paths, "notes": done.notes}, "\n".join(sentences), as_json)


@command("propose-mappings")
def propose_command(
    file: FileOption = DEFAULT_OUTPUT,
    output: OutputOption = None,
    as_json: JsonOption = False,
) -> None:
    """Propose mappings for published texts nobody has mapped yet; accepting one is up to you.

    Example: ree propose-mappings --output proposals.csv
    """
    from dataclasses import asdict

    import pandas as pd

    from warehouse.file.propose import propose

    proposals = [asdict(proposal) for proposal in propose(file)]
    if output is not None:
        write_text(output, pd.DataFrame(proposals).to_csv(index=False))
        if is_stream(output):
            return
    if as_json:
        print_json(proposals)
    elif proposals:
        console.print_rows(list(proposals[0]), [tuple(proposal.values()) for proposal in proposals])
    else:
        console.out.print("every published text is mapped")


@command("seal")
def seal_command(as_json: JsonOption = False) -> None:
    """Record the checksums of edited source tables in their contracts, and tell dbt of new ones.

    Example: ree seal
    """
    from warehouse.sources.seal import seal_sources

    changed = seal_sources(SOURCES_DIR)
    tell({"changed": changed}, "\n".join(changed) or "nothing changed", as_json)


@command("version")
def version_command(as_json: JsonOption = False) -> None:
    """Print the version of the project and of the libraries it uses.

    Example: ree version
    """
    from importlib.metadata import version

    names = ("duckdb", "dbt-core", "dbt-duckdb", "great-expectations", "scikit-learn", "lightgbm")
    versions: dict[str, Any] = {"ree-warehouse": __version__, "python": sys.version.split()[0]}
    versions |= {name: version(name) for name in names}
    if as_json:
        print_json(versions)
    else:
        console.out.print("\n".join(f"{name} {number}" for name, number in versions.items()))
