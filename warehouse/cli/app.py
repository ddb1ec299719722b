"""``ree``: the command line."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from warehouse import __version__
from warehouse.cli import console
from warehouse.cli.completion import complete_record, complete_table
from warehouse.diff.model import DiffFormat
from warehouse.errors import GateFailedError, ReeError
from warehouse.export.request import EXPORTED_SCHEMAS, ExportFormat, ExportRequest
from warehouse.file.query import Format
from warehouse.paths import DEFAULT_OUTPUT, SOURCES_DIR, display

BUILD, ASK, USE, MAINTAIN = "Build", "Ask", "Use", "Maintain"

GUIDE = """
[bold]A first hour[/bold]

[cyan]make build[/cyan]  makes the environment and the published file, build/ree.duckdb, in some minutes

[cyan]ree query "show all tables"[/cyan]  tells what is in it

[cyan]ree query --describe composition_best[/cyan]  tells what a table holds, column by column

[cyan]ree query "select continent, projects from marts.rpt_projects_by_continent"[/cyan]  asks it

[cyan]ree show Mount Weld[/cyan]  prints all there is on one project; a plant or an id does as well

[cyan]ree predict sites.csv -o compositions.csv[/cyan]  predicts sites of your own

[cyan]ree docs --serve[/cyan]  opens the pages that describe every column and where it comes from

[bold]For machines[/bold]

With [cyan]--json[/cyan] the result is one JSON document on standard output, and a failure one JSON object \
with the key `error` on standard error. Exit codes: 0 done, 1 failed, 2 called wrongly (told in words). \
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

_failures_as_json = False


def _note_json(wanted: bool) -> bool:
    global _failures_as_json
    _failures_as_json = _failures_as_json or wanted
    return wanted


FileOption = Annotated[Path, typer.Option("--file", "-f", help="The published file.")]
JsonOption = Annotated[
    bool, typer.Option("--json", callback=_note_json, is_eager=True, help="Print JSON, for machines.")
]


def _note_format(form: Format) -> Format:
    _note_json(form is Format.json)
    return form


def _print_json(value: object) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, default=str))


def _tell(value: dict[str, object], sentence: str, as_json: bool) -> None:
    if as_json:
        _print_json(value)
    else:
        typer.echo(sentence)
    # Who reads through a pipe must not wait for the end.
    sys.stdout.flush()


@app.command("build", rich_help_panel=BUILD)
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
        _print_json(summary.as_dict())
    else:
        console.print_summary(summary)


@app.command("query", rich_help_panel=ASK)
def query_command(
    sql: Annotated[
        str | None, typer.Argument(help="One SQL statement, or - to read it from the input.")
    ] = None,
    sql_file: Annotated[
        Path | None, typer.Option("--sql-file", help="Read the statement from a file.")
    ] = None,
    table: Annotated[
        str | None,
        typer.Option("--describe", help="Describe a table instead.", autocompletion=complete_table),
    ] = None,
    form: Annotated[
        Format, typer.Option("--format", callback=_note_format, help="How to print the result.")
    ] = Format.table,
    pager: Annotated[bool, typer.Option(help="Page a table taller than the terminal.")] = True,
    file: FileOption = DEFAULT_OUTPUT,
    as_json: JsonOption = False,
) -> None:
    """Ask the published file in SQL, read-only; or have a table described.

    Example: ree query "select continent, projects from marts.rpt_projects_by_continent order by 2 desc"

    Example: ree query --describe marts.composition_best
    """
    from warehouse.file.query import ask, read_statement, stream

    form = Format.json if as_json else form
    if table is not None:
        _describe(file, table, form)
        if sql is None and sql_file is None:
            return
    statement = read_statement(sql, sql_file)
    if form is Format.table:
        answer = ask(file, statement)
        console.print_rows(answer.names, answer.rows, paged=pager)
    else:
        stream(file, statement, form)


def _describe(file: Path, table: str, form: Format) -> None:
    from warehouse.file.describe import describe
    from warehouse.file.query import connect

    with connect(file) as connection:
        description = describe(connection, table)
    if form is Format.json:
        _print_json(description)
    else:
        console.print_description(description)


@app.command("show", rich_help_panel=ASK)
def show_command(
    record: Annotated[
        list[str],
        typer.Argument(
            help="Id, project number, or name of a project or plant.", autocompletion=complete_record
        ),
    ],
    file: FileOption = DEFAULT_OUTPUT,
    as_json: JsonOption = False,
) -> None:
    """Print all there is on one project or plant: known, predicted, from where, neighbours, chain.

    Example: ree show Mount Weld

    Example: ree show liu2023-f01 --json
    """
    from warehouse.cli.card_view import print_card
    from warehouse.file.card import make_card
    from warehouse.file.lookup import find_record
    from warehouse.file.query import connect

    with connect(file) as connection:
        card = make_card(connection, find_record(connection, " ".join(record)))
    if as_json:
        _print_json(card)
    else:
        print_card(card, console.out)


@app.command("check", rich_help_panel=BUILD)
def check_command(file: FileOption = DEFAULT_OUTPUT, as_json: JsonOption = False) -> None:
    """Run the quality gate on the published file again, and tell each verdict.

    Example: ree check --json
    """
    from warehouse.build.gates.checks import accounting_suite, published_suites
    from warehouse.build.gates.runner import evaluate
    from warehouse.file.query import connect

    with connect(file) as connection:
        results = evaluate(connection, "published", [accounting_suite(), *published_suites()])
    failed = [result for result in results if result.outcome == "fail"]
    if as_json:
        _print_json([vars(result) for result in results])
    else:
        console.print_checks(results)
        verdict = (
            f"{len(failed)} of {len(results)} checks fail" if failed else f"all {len(results)} checks hold"
        )
        console.out.print(f"{display(file)}: {verdict}")
    if failed:
        raise typer.Exit(1)


@app.command("export", rich_help_panel=USE)
def export_command(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder to make, or earlier export to replace.")
    ],
    file: FileOption = DEFAULT_OUTPUT,
    schemas: Annotated[
        list[str] | None,
        typer.Option("--schema", help="Schema to export; may be repeated. marts and quality by default."),
    ] = None,
    formats: Annotated[
        list[ExportFormat] | None, typer.Option("--format", help="May be repeated. Both by default.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Export every mart as CSV and Parquet, with datapackage.json, CITATION.cff and SHA256SUMS.

    Example: ree export marts-today
    """
    import time

    from warehouse.cli.progress import ConsoleReporter
    from warehouse.export.run import export

    reporter = ConsoleReporter()
    request = ExportRequest(
        folder,
        file,
        tuple(dict.fromkeys(schemas or EXPORTED_SCHEMAS)),
        tuple(formats or ExportFormat),
        reporter.note,
    )
    began = time.perf_counter()
    reporter.start("Export")
    try:
        summary = export(request)
    finally:
        reporter.stop()
    size_mb, seconds = summary.size_bytes / 1e6, time.perf_counter() - began
    outcome = f"{summary.tables} tables, {summary.files} files, {size_mb:.1f} MB in {seconds:.1f} s"
    found = {"folder": str(folder), "tables": summary.tables, "files": summary.files}
    _tell({**found, "size_bytes": summary.size_bytes}, f"{display(folder)}: {outcome}", as_json)


@app.command("diff", rich_help_panel=MAINTAIN)
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
        bool, typer.Option("--volatile", help="Compare columns too that tell when something was made.")
    ] = False,
) -> None:
    """Tell what changed between two published files: schema, rows by key, cells.

    Exit code 0 if nothing changed, 1 if something did, 2 if the files cannot be compared.

    Example: ree diff last-release.duckdb build/ree.duckdb --limit 5
    """
    from warehouse.diff.compare import COMPARED_SCHEMAS, DiffRequest, compare
    from warehouse.diff.report import as_dict, print_diff

    request = DiffRequest(old, new, tuple(dict.fromkeys(schemas or COMPARED_SCHEMAS)), table, volatile)
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


@app.command("dictionary", rich_help_panel=ASK)
def dictionary_command(
    file: FileOption = DEFAULT_OUTPUT,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write to a file.")] = None,
) -> None:
    """Print every table and column with key, type, unit and meaning, as Markdown.

    Example: ree dictionary --output dictionary.md
    """
    from warehouse.pages.dictionary import render_dictionary

    page = render_dictionary(file)
    if output is None:
        typer.echo(page, nl=False)
    else:
        output.write_text(page, encoding="utf-8")


@app.command("propose-mappings", rich_help_panel=MAINTAIN)
def propose_command(
    file: FileOption = DEFAULT_OUTPUT,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write the proposals as CSV.")] = None,
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
        pd.DataFrame(proposals).to_csv(output, index=False)
    if as_json:
        _print_json(proposals)
    elif proposals:
        console.print_rows(list(proposals[0]), [tuple(proposal.values()) for proposal in proposals])
    else:
        console.out.print("every published text is mapped")


@app.command("accounting", rich_help_panel=ASK)
def accounting_command(
    file: FileOption = DEFAULT_OUTPUT,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write to a file.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Print what became of every published cell, column by column, as Markdown.

    Example: ree accounting --output accounting.md
    """
    from warehouse.file.query import Format, stream
    from warehouse.pages.accounting import render_accounting

    if as_json:
        stream(file, "from quality.cell_accounting order by all", Format.json)
        return
    page = render_accounting(file)
    if output is None:
        typer.echo(page)
    else:
        output.write_text(page, encoding="utf-8")


@app.command("docs", rich_help_panel=ASK)
def docs_command(
    file: FileOption = DEFAULT_OUTPUT,
    serve: Annotated[
        bool,
        typer.Option(
            "--serve", help="Serve the page to this machine alone until Ctrl-C; write it if missing."
        ),
    ] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to serve on; 0 takes a free one.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """Write the lineage site of the published file: one HTML file that opens without a network.

    Example: ree docs --serve
    """
    from warehouse.cli.progress import under_way
    from warehouse.cli.serve import address, open_server, serve_until_interrupted
    from warehouse.pages.lineage import docs_file, write_docs

    place = docs_file(file)
    if not (serve and place.is_file()):
        with under_way("Lineage site"):
            write_docs(file)
    if not serve:
        _tell({"page": str(place)}, display(place), as_json)
        return
    server = open_server(place.parent, port)
    _tell({"address": address(server)}, f"{display(place)} at {address(server)}, until Ctrl-C", as_json)
    serve_until_interrupted(server)


@app.command("report", rich_help_panel=ASK)
def report_command(
    file: FileOption = DEFAULT_OUTPUT,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder; `site` beside the file by default.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Write the report: one HTML file with map, charts and tables that opens without a network.

    Example: ree report --output site
    """
    from warehouse.pages.report.page import write_report

    page = write_report(file, output or file.parent / "site")
    _tell({"page": str(page)}, display(page), as_json)


@app.command("predict", rich_help_panel=USE)
def predict_command(
    sites: Annotated[Path, typer.Argument(help="CSV of sites; `site` and `deposit_type` are required.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="CSV to write.")],
    file: FileOption = DEFAULT_OUTPUT,
    as_json: JsonOption = False,
) -> None:
    """Predict the 15 oxide shares of sites of your own, with intervals, from the published file.

    Further columns, all optional: company, location, grade_treo_wt_pct, resource_treo_t, any of the 15 oxides
    (La2O3 ... Y2O3) whose share is known, in per cent of TREO, and minerals: names with semicolons between,
    the principal host first, which alone counts.

    Example: ree predict sites.csv --output compositions.csv
    """
    from ml.oxides import OXIDES
    from warehouse.cli.progress import under_way
    from warehouse.predict import predict_file

    with under_way("Predict"):
        count = predict_file(sites, output, file)
    summary = {"output": str(output), "sites": count, "rows": count * len(OXIDES)}
    _tell(summary, f"{display(output)}: {count} sites, {len(OXIDES)} oxides each", as_json)


@app.command("seal", rich_help_panel=MAINTAIN)
def seal_command(as_json: JsonOption = False) -> None:
    """Record the checksums of edited source tables in their contracts, and tell dbt of new ones.

    Example: ree seal
    """
    from warehouse.sources.seal import seal_sources

    changed = seal_sources(SOURCES_DIR)
    _tell({"changed": changed}, "\n".join(changed) or "nothing changed", as_json)


@app.command("version", rich_help_panel=MAINTAIN)
def version_command(as_json: JsonOption = False) -> None:
    """Tell the version of the project and of what it stands on.

    Example: ree version
    """
    from importlib.metadata import version

    names = ("duckdb", "dbt-core", "dbt-duckdb", "great-expectations", "scikit-learn", "lightgbm")
    versions: dict[str, Any] = {"ree-warehouse": __version__, "python": sys.version.split()[0]}
    versions |= {name: version(name) for name in names}
    if as_json:
        _print_json(versions)
    else:
        console.out.print("\n".join(f"{name} {number}" for name, number in versions.items()))


def main() -> None:
    """Entry point: every expected failure is told on standard error, with exit code 1."""
    try:
        app()
    except (ReeError, GateFailedError) as error:
        console.print_error(error, as_json=_failures_as_json)
        sys.exit(1)


if __name__ == "__main__":
    main()
