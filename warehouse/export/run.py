"""One export: written to a folder aside, then moved into place."""

from __future__ import annotations

import json
import os
from pathlib import Path

import duckdb

from warehouse.digest import sha256_of_file
from warehouse.errors import ReeError
from warehouse.export.croissant import describe_croissant
from warehouse.export.files import read_rows, write_csv, write_parquet
from warehouse.export.origin import Origin, citation_cff, read_origin
from warehouse.export.package import PACKAGE_NAME, describe_package
from warehouse.export.points import has_points, write_geojson, write_geoparquet
from warehouse.export.request import ExportFormat, ExportRequest, ExportSummary
from warehouse.file.catalogue import Table, read_tables
from warehouse.file.query import connect
from warehouse.publish import work_folder

_POINTS = (ExportFormat.geojson, ExportFormat.geoparquet)

PACKAGE_FILE, CROISSANT_FILE = "datapackage.json", "croissant.json"
CHECKSUM_FILE, CITATION_FILE = "SHA256SUMS", "CITATION.cff"


def export(request: ExportRequest) -> ExportSummary:
    """Write the tables, ``datapackage.json``, ``croissant.json``, ``CITATION.cff`` and ``SHA256SUMS``.

    Raises:
        ReeError: If the folder holds anything else than an earlier export, the published file is missing or
            has no such schema, or the disk fails. The folder then stays as it was.
    """
    folder = request.folder.resolve()
    _refuse_foreign(folder)
    with connect(request.file) as connection, work_folder(folder) as aside:
        try:
            made = aside / "export"
            made.mkdir()
            summary = _write(connection, made, request)
            _move_into_place(made, folder, aside / "earlier")
        except OSError as error:
            raise ReeError(
                f"the export cannot be written ({error.strerror or error})",
                "free the disk or choose another folder",
                file=request.folder,
            ) from error
    return summary


def _write(connection: duckdb.DuckDBPyConnection, made: Path, request: ExportRequest) -> ExportSummary:
    origin = read_origin(connection, request.file)
    tables = [table for schema in request.schemas for table in _tables(connection, schema, request.file)]
    files = []
    for table in tables:
        files += [(table, file) for file in _write_table(connection, table, origin, made, request.formats)]
        request.progress(table.full_name)
    package = describe_package(made, files, origin)
    for name, content in ((PACKAGE_FILE, package), (CROISSANT_FILE, describe_croissant(package))):
        (made / name).write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")
    (made / CITATION_FILE).write_text(citation_cff(origin), "utf-8")
    written = _files_of(made)
    sums = "".join(f"{sha256_of_file(made / path)}  {path}\n" for path in written)
    (made / CHECKSUM_FILE).write_text(sums, "utf-8")
    size_bytes = sum((made / path).stat().st_size for path in written)
    return ExportSummary(len(tables), len(written) + 1, size_bytes)


def _tables(connection: duckdb.DuckDBPyConnection, schema: str, file: Path) -> list[Table]:
    tables = read_tables(connection, [schema])
    if not tables:
        raise ReeError(f"there is no table in schema {schema}", "correct --schema", file=file)
    return tables


def _write_table(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    origin: Origin,
    made: Path,
    formats: tuple[ExportFormat, ...],
) -> list[Path]:
    rows = read_rows(connection, table)
    files = []
    for form in ExportFormat:
        if form not in formats or (form in _POINTS and not has_points(table)):
            continue
        file = made / form / table.schema / f"{table.name}{form.suffix}"
        file.parent.mkdir(parents=True, exist_ok=True)
        if form is ExportFormat.csv:
            write_csv(rows, file)
        elif form is ExportFormat.parquet:
            write_parquet(rows, table, origin, file)
        elif form is ExportFormat.geojson:
            write_geojson(rows, table, file)
        else:
            write_geoparquet(rows, table, origin, file)
        files.append(file)
    return files


def _refuse_foreign(folder: Path) -> None:
    """Raise unless ``folder`` is missing, holds no file, or is an earlier export and nothing else."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise ReeError("this is a file", "name a folder to export to", file=folder)
    others = sorted(set(_files_of(folder)) - _exported_files(folder))
    if others:
        raise ReeError(
            f"the folder holds {others[0]}, which is not part of an earlier export",
            "name a new or empty folder, or an earlier export to replace",
            file=folder,
        )


def _exported_files(folder: Path) -> set[str]:
    """Return what an earlier export says it wrote; nothing if there was none."""
    try:
        package = json.loads((folder / PACKAGE_FILE).read_text("utf-8"))
        lines = (folder / CHECKSUM_FILE).read_text("utf-8").splitlines()
    except (OSError, ValueError):
        return set()
    if not isinstance(package, dict) or package.get("name") != PACKAGE_NAME:
        return set()
    return {line.partition("  ")[2] for line in lines} | {CHECKSUM_FILE}


def _files_of(folder: Path) -> list[str]:
    """Return every file below ``folder``, relative to it, in alphabetical order."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())


def _move_into_place(made: Path, folder: Path, earlier: Path) -> None:
    """Put ``made`` where ``folder`` is; if that fails the earlier export is put back."""
    if folder.exists():
        os.replace(folder, earlier)
    try:
        os.replace(made, folder)
    except OSError:
        if earlier.exists():
            os.replace(earlier, folder)
        raise
