"""Commands that ask the published file, and write pages of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from warehouse.cli import console
from warehouse.cli.common import (
    ASK,
    FileOption,
    JsonOption,
    OutputOption,
    note_json,
    panel,
    print_json,
    tell,
)
from warehouse.cli.completion import complete_record, complete_table
from warehouse.file.format import Format
from warehouse.paths import DEFAULT_OUTPUT, display
from warehouse.writing import STANDARD_OUTPUT, write_text

commands = typer.Typer()
command = panel(commands, ASK)


def _note_format(form: Format) -> Format:
    note_json(form is Format.json)
    return form


@command("query")
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
    timeout: Annotated[
        float, typer.Option(min=0, help="Seconds after which the query is stopped; 0 is never.")
    ] = 300.0,
    memory: Annotated[str, typer.Option(help="Memory that the query may use at most.")] = "4GB",
    file: FileOption = DEFAULT_OUTPUT,
    as_json: JsonOption = False,
) -> None:
    """Ask the published file in SQL, read-only; or have a table described.

    One statement, which reads the file and nothing else of the machine. Long results are streamed.

    Example: ree query "select continent, projects from marts.rpt_projects_by_continent order by 2 desc"

    Example: ree query --describe marts.composition_best
    """
    from warehouse.file.query import Limits, ask, read_statement
    from warehouse.file.streaming import stream

    form = Format.json if as_json else form
    if table is not None:
        _describe(file, table, form)
        if sql is None and sql_file is None:
            return
    statement, limits = read_statement(sql, sql_file), Limits(timeout, memory)
    if form is Format.table:
        answer = ask(file, statement, limits)
        console.print_rows(answer.names, answer.rows, paged=pager)
    else:
        stream(file, statement, form, limits)


def _describe(file: Path, table: str, form: Format) -> None:
    from warehouse.file.describe import describe
    from warehouse.file.query import connect

    with connect(file) as connection:
        description = describe(connection, table)
    if form is Format.json:
        print_json(description)
    else:
        console.print_description(description)


@command("show")
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
        print_json(card)
    else:
        print_card(card, console.out)


@command("dictionary")
def dictionary_command(
    file: FileOption = DEFAULT_OUTPUT,
    output: OutputOption = None,
) -> None:
    """Print every table and column with key, type, unit and meaning, as Markdown.

    Example: ree dictionary --output dictionary.md
    """
    from warehouse.pages.dictionary import render_dictionary

    page = render_dictionary(file)
    write_text(output or STANDARD_OUTPUT, page)


@command("accounting")
def accounting_command(
    file: FileOption = DEFAULT_OUTPUT,
    output: OutputOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print what became of every published cell, column by column, as Markdown.

    Example: ree accounting --output accounting.md
    """
    from warehouse.file.streaming import stream
    from warehouse.pages.accounting import render_accounting

    if as_json:
        stream(file, "from quality.cell_accounting order by all", Format.json)
        return
    page = render_accounting(file)
    write_text(output or STANDARD_OUTPUT, page)


@command("docs")
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
    from warehouse.build.docs import write_docs
    from warehouse.cli.progress import under_way
    from warehouse.cli.serve import address, open_server, serve_until_interrupted
    from warehouse.pages.lineage import docs_file

    place = docs_file(file)
    if not (serve and place.is_file()):
        with under_way("Lineage site"):
            write_docs(file)
    if not serve:
        tell({"page": str(place)}, display(place), as_json)
        return
    server = open_server(place.parent, port)
    tell({"address": address(server)}, f"{display(place)} at {address(server)}, until Ctrl-C", as_json)
    serve_until_interrupted(server)


@command("report")
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
    tell({"page": str(page)}, display(page), as_json)
