"""Commands that take the warehouse elsewhere: exports, predictions, dashboards."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from warehouse.cli.common import USE, FileOption, JsonOption, panel, print_json, tell
from warehouse.export.request import EXPORTED_SCHEMAS, ExportFormat, ExportRequest
from warehouse.paths import DEFAULT_OUTPUT, display, published_file
from warehouse.writing import is_stream

commands = typer.Typer()
command = panel(commands, USE)


@command("export")
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
        list[ExportFormat] | None, typer.Option("--format", help="May be repeated. All by default.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Export every mart as CSV and Parquet, those with points as GeoJSON and GeoParquet too.

    Beside them are datapackage.json, croissant.json, CITATION.cff and SHA256SUMS.

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
    tell({**found, "size_bytes": summary.size_bytes}, f"{display(folder)}: {outcome}", as_json)


@command("predict")
def predict_command(
    sites: Annotated[Path, typer.Argument(help="CSV of sites; `site` and `deposit_type` are required.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="CSV to write; - is the standard output.")],
    file: FileOption = DEFAULT_OUTPUT,
    headers: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="COLUMN=HEADER",
            help="Header that a column has in the file; may be repeated. Headers not named are left aside.",
        ),
    ] = None,
    leave_out_faulty: Annotated[
        bool,
        typer.Option("--leave-out-faulty", help="Predict the other lines where some cannot be used."),
    ] = False,
    draws: Annotated[
        int,
        typer.Option(
            "--draws", min=0, metavar="N", help="Write N whole compositions of each site, not intervals."
        ),
    ] = 0,
    as_json: JsonOption = False,
) -> None:
    """Predict the 15 oxide shares of sites of your own, with intervals, from the published file.

    Further columns, all optional: company, location, grade_treo_wt_pct, resource_treo_t, any of the 15 oxides
    (La2O3 ... Y2O3) whose share is known, in per cent of TREO, and minerals: names with semicolons between,
    the principal host first, which alone counts. A site that the warehouse knows by any of its names, or by
    holder and place, is predicted with its siblings and host; the output says how it was matched.

    Example: ree predict sites.csv --output compositions.csv
    """
    from ml import OXIDES
    from warehouse.cli.match_view import print_matches
    from warehouse.cli.progress import under_way
    from warehouse.predict import predict_file
    from warehouse.predict.table import read_mapping

    mapped = read_mapping(headers or [])
    with under_way("Predict"):
        made = predict_file(
            sites, output, file, mapped=mapped, leave_out_faulty=leave_out_faulty, draws=draws
        )
    count = len(made.sites)
    rows = count * len(OXIDES) * max(1, draws)
    summary: dict[str, object] = {"output": str(output), "sites": count, "rows": rows}
    known = sum(site.match.site_id is not None for site in made.sites)
    summary |= {"matched": known, "refused": [fault.as_dict() for fault in made.refused]}
    if not is_stream(output):
        tell(summary, f"{display(output)}: {count} sites, {len(OXIDES)} oxides each", as_json)
    if not as_json:
        print_matches(made)


@command("scenario")
def scenario_command(
    demand: Annotated[Path, typer.Argument(metavar="DEMAND.csv", help="CSV with item, year, demand_t.")],
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="Value of a parameter; may be repeated."),
    ] = None,
    parameters: Annotated[
        Path | None, typer.Option("--parameters", help="CSV with the columns parameter and value.")
    ] = None,
    name: Annotated[
        str | None, typer.Option("--scenario", help="Which one of a file with a column `scenario`.")
    ] = None,
    with_sensitivity: Annotated[
        bool, typer.Option("--sensitivity", help="Move each parameter over its range too.")
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="DIR", help="Folder to write the tables to as CSV."),
    ] = None,
    file: FileOption = DEFAULT_OUTPUT,
    as_json: JsonOption = False,
) -> None:
    """Say which projects would meet a demand, by when, where, and how sure that is.

    An item is an oxide (Nd2O3), an element (Nd) or a group: magnet, ndpr, hree, lree, critical, treo.
    demand_t is tonnes of oxide, or of element where the item is an element or the column `basis` says so.
    Every choice is a parameter: `ree query "from marts.dim_scenario_parameters"` lists them with their
    sources, docs/scenarios.md describes the method.

    Example: ree scenario demand.csv --set recycled_pct=20 --sensitivity
    """
    from warehouse.scenario.result import scenario_of_file, write_tables

    found = scenario_of_file(
        demand,
        file,
        name=name,
        settings=settings or (),
        parameter_file=parameters,
        with_sensitivity=with_sensitivity,
    )
    if output is not None:
        write_tables(found, output)
    if as_json:
        print_json(found.as_dict())
    else:
        from warehouse.cli.scenario_view import print_scenario

        print_scenario(found)


@command("superset-bundle")
def superset_bundle_command(
    file: FileOption = DEFAULT_OUTPUT,
    on_server: Annotated[
        str | None,
        typer.Option("--on-server", help="Absolute path of the file where Superset runs, if elsewhere."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Zip to write; `ree-superset.zip` beside the file by default."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Pack the dashboard for Superset's import, pointed at the published file.

    Example: ree superset-bundle --output dashboard.zip
    """
    from warehouse.export.superset import pack

    archive = output or file.parent / "ree-superset.zip"
    pack(published_file(file), archive, None if on_server is None else Path(on_server))
    if not is_stream(archive):
        tell({"bundle": str(archive)}, display(archive), as_json)
