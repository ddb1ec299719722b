"""``ree``: the command line."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from warehouse import __version__, console
from warehouse.diff.model import DiffFormat
from warehouse.errors import GateFailedError, ReeError
from warehouse.export.request import EXPORTED_SCHEMAS, ExportFormat, ExportRequest
from warehouse.paths import DEFAULT_OUTPUT, SOURCES_DIR, display, published_file
from warehouse.query import Format

app = typer.Typer(
    help="The reference warehouse of the world's rare-earth projects and plants, in one DuckDB file.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    epilog="Start with [bold]ree build[/bold], then "
    '[bold]ree query "select * from marts.rpt_projects_by_continent"[/bold].',
)

FileOption = Annotated[Path, typer.Option("--file", "-f", help="The published file.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]


@app.command("build")
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
    """Build everything: sources to the published file and the lineage site."""
    from warehouse.build import BuildRequest, build

    reporter = console.ConsoleReporter()
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
        typer.echo(json.dumps(summary.as_dict(), default=str))
    else:
        console.print_summary(summary)


@app.command("query")
def query_command(
    sql: Annotated[str, typer.Argument(help="One SQL statement; the file is opened read-only.")],
    form: Annotated[Format, typer.Option("--format", help="How to print the result.")] = Format.table,
    file: FileOption = DEFAULT_OUTPUT,
) -> None:
    """Ask the published file in SQL.

    Example: ree query "select continent, projects from marts.rpt_projects_by_continent order by 2 desc"
    """
    from warehouse.query import ask, stream

    if form is Format.table:
        answer = ask(file, sql)
        console.print_rows(answer.names, answer.rows)
    else:
        stream(file, sql, form)


@app.command("check")
def check_command(file: FileOption = DEFAULT_OUTPUT, as_json: JsonOption = False) -> None:
    """Run the quality gate on the published file again, and tell each verdict."""
    from warehouse.gates.checks import accounting_suite, published_suites
    from warehouse.gates.runner import evaluate
    from warehouse.query import connect

    with connect(file) as connection:
        results = evaluate(connection, "published", [accounting_suite(), *published_suites()])
    failed = [result for result in results if result.outcome == "fail"]
    if as_json:
        typer.echo(json.dumps([vars(result) for result in results], ensure_ascii=False))
    else:
        console.print_checks(results)
        verdict = (
            f"{len(failed)} of {len(results)} checks fail" if failed else f"all {len(results)} checks hold"
        )
        console.out.print(f"{display(file)}: {verdict}")
    if failed:
        raise typer.Exit(1)


@app.command("export")
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
) -> None:
    """Export every mart as CSV and Parquet, with datapackage.json, CITATION.cff and SHA256SUMS."""
    import time

    from warehouse.export.run import export

    reporter = console.ConsoleReporter()
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
    console.out.print(f"{display(folder)}: {outcome}")


@app.command("diff")
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


@app.command("dictionary")
def dictionary_command(
    file: FileOption = DEFAULT_OUTPUT,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write to a file.")] = None,
) -> None:
    """Print every table and column with key, type, unit and meaning, as Markdown."""
    from warehouse.dictionary import render_dictionary

    page = render_dictionary(file)
    if output is None:
        typer.echo(page, nl=False)
    else:
        output.write_text(page, encoding="utf-8")


@app.command("propose-mappings")
def propose_command(
    file: FileOption = DEFAULT_OUTPUT,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write the proposals as CSV.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Propose mappings for published texts nobody has mapped yet; accepting one is up to you."""
    from dataclasses import asdict

    import pandas as pd

    from warehouse.propose import propose

    proposals = [asdict(proposal) for proposal in propose(file)]
    if output is not None:
        pd.DataFrame(proposals).to_csv(output, index=False)
    if as_json:
        typer.echo(json.dumps(proposals, ensure_ascii=False))
    elif proposals:
        console.print_rows(list(proposals[0]), [tuple(proposal.values()) for proposal in proposals])
    else:
        console.out.print("every published text is mapped")


@app.command("accounting")
def accounting_command(
    file: FileOption = DEFAULT_OUTPUT,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write to a file.")] = None,
) -> None:
    """Print what became of every published cell, column by column, as Markdown."""
    from warehouse.accounting import render_accounting

    page = render_accounting(file)
    if output is None:
        typer.echo(page)
    else:
        output.write_text(page, encoding="utf-8")


@app.command("docs")
def docs_command(file: FileOption = DEFAULT_OUTPUT) -> None:
    """Write the lineage site of the published file: one HTML file that opens without a network."""
    import os
    import shutil

    from warehouse.build import docs_file
    from warehouse.publish import work_folder
    from warehouse.transform import generate_docs

    published_file(file)
    with work_folder(file) as folder:
        copy = folder / file.name
        shutil.copyfile(file, copy)
        place = docs_file(file)
        place.parent.mkdir(parents=True, exist_ok=True)
        os.replace(generate_docs(copy, folder), place)
    console.out.print(display(place))


@app.command("report")
def report_command(
    file: FileOption = DEFAULT_OUTPUT,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder; `site` beside the file by default.")
    ] = None,
) -> None:
    """Write the report: one HTML file with map, charts and tables that opens without a network."""
    from warehouse.report.page import write_report

    console.out.print(display(write_report(file, output or file.parent / "site")))


@app.command("predict")
def predict_command(
    sites: Annotated[Path, typer.Argument(help="CSV of sites; `site` and `deposit_type` are required.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="CSV to write.")],
    file: FileOption = DEFAULT_OUTPUT,
) -> None:
    """Predict the 15 oxide shares of sites of your own, with intervals, from the published file.

    Further columns, all optional: company, location, minerals, grade_treo_wt_pct, resource_treo_t,
    and any of the 15 oxides (La2O3 ... Y2O3) whose share is known, in per cent of TREO.
    """
    from warehouse.predict import predict_file

    count = predict_file(sites, output, file)
    console.out.print(f"{display(output)}: {count} sites, 15 oxides each")


@app.command("seal")
def seal_command() -> None:
    """Record the checksums of edited source tables in their contracts."""
    from warehouse.seal import seal_sources

    changed = seal_sources(SOURCES_DIR)
    console.out.print("\n".join(changed) if changed else "nothing changed")


@app.command("version")
def version_command(as_json: JsonOption = False) -> None:
    """Tell the version of the project and of what it stands on."""
    from importlib.metadata import version

    names = ("duckdb", "dbt-core", "dbt-duckdb", "great-expectations", "scikit-learn", "lightgbm")
    versions: dict[str, Any] = {"ree-warehouse": __version__, "python": sys.version.split()[0]}
    versions |= {name: version(name) for name in names}
    if as_json:
        typer.echo(json.dumps(versions))
    else:
        console.out.print("\n".join(f"{name} {number}" for name, number in versions.items()))


def main() -> None:
    """Entry point: every expected failure is one sentence on standard error and exit code 1."""
    try:
        app()
    except ReeError as error:
        console.print_failure(str(error))
        sys.exit(1)
    except GateFailedError as error:
        for sentence in error.sentences:
            console.print_failure(sentence)
        console.print_failure(f"the {error.gate} gate failed; the published file stays as it was.")
        sys.exit(1)


if __name__ == "__main__":
    main()
