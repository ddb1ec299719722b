"""The dashboard for Superset, packed for its import and pointed at a published file.

Superset opens the file where the server runs, so the bundle's address is a placeholder until it is packed.
Beside the data sets of the charts, every table becomes one, with what the file's comments say of it.
"""

from __future__ import annotations

import uuid
import zipfile
from pathlib import Path
from typing import Any

import yaml

from warehouse.errors import ReeError
from warehouse.file.catalogue import Column, Table, read_tables
from warehouse.file.query import connect
from warehouse.paths import PROJECT_ROOT
from warehouse.writing import opened

SUPERSET = PROJECT_ROOT / "dashboards" / "superset"
BUNDLE, LEFT_OUT = SUPERSET / "bundle", SUPERSET / "left_out.yaml"
DATABASE = "databases/REE_warehouse.yaml"
DATASETS = "datasets/REE_warehouse"
ROOT = "ree_warehouse"
"""Folder that Superset expects around the files inside the zip; any name serves."""
SCHEMAS = ("marts", "quality")


def pack(published: Path, output: Path, on_server: Path | None = None) -> None:
    """Write the bundle as a zip with the address of the file in it, in one step.

    Args:
        published: Published file whose tables are described.
        output: Zip to write.
        on_server: Where Superset finds the file, if it is not ``published``.

    Raises:
        ReeError: If the path is relative: Superset would look for it below its own folder; or has a question
            mark. Or if the file cannot be read or the zip cannot be written.
    """
    address = on_server or published.resolve()
    if not address.is_absolute():
        raise ReeError("this is not an absolute path", "name the file from the root", file=address)
    if "?" in str(address):
        raise ReeError(
            "an address of a database ends at a question mark", "rename the folder or the file", file=address
        )
    texts = {
        file.relative_to(BUNDLE).as_posix(): file.read_text(encoding="utf-8")
        for file in sorted(BUNDLE.rglob("*.yaml"))
    }
    database = yaml.safe_load(texts[DATABASE])
    texts[DATABASE] = _yaml(database | {"sqlalchemy_uri": f"duckdb:///{address.as_posix()}"})
    for table in described_tables(published):
        texts[f"{DATASETS}/{table.schema}.{table.name}.yaml"] = _yaml(dataset_of(table, database["uuid"]))
    with opened(output) as stream, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            archive.writestr(f"{ROOT}/{name}", text)


def left_out() -> dict[str, str]:
    """Return the tables that become no data set, each with the reason."""
    reasons: dict[str, str] = yaml.safe_load(LEFT_OUT.read_text(encoding="utf-8"))
    return reasons


def described_tables(published: Path) -> list[Table]:
    """Return the tables of a published file that become data sets."""
    with connect(published) as connection:
        tables = read_tables(connection, SCHEMAS)
    return [table for table in tables if table.full_name not in left_out()]


def dataset_of(table: Table, database_uuid: str) -> dict[str, Any]:
    """Return a table as Superset imports it; its ids are the same in every bundle.

    What may be added up depends on the rows that are kept, so rows are counted and sums left to the chart.
    """
    return {
        "table_name": table.name,
        "main_dttm_col": None,
        "description": table.description,
        "default_endpoint": None,
        "offset": 0,
        "cache_timeout": None,
        "schema": table.schema,
        "sql": None,
        "params": None,
        "template_params": None,
        "filter_select_enabled": True,
        "fetch_values_predicate": None,
        "extra": None,
        "uuid": str(uuid.uuid5(uuid.UUID(database_uuid), table.full_name)),
        "metrics": [_count("rows", "Rows", "count(*)"), *(_distinct(name) for name in _parts(table))],
        "columns": [_column(column) for column in table.columns],
        "version": "1.0.0",
        "database_uuid": database_uuid,
    }


def _parts(table: Table) -> tuple[str, ...]:
    """Columns of a key of several: of a key of one the rows are counted."""
    return table.primary_key if len(table.primary_key) > 1 else ()


def _distinct(column: str) -> dict[str, Any]:
    return _count(f"distinct_{column}", f"Distinct {_words(column)}", f'count(distinct "{column}")')


def _count(name: str, verbose_name: str, expression: str) -> dict[str, Any]:
    return {
        "metric_name": name,
        "verbose_name": verbose_name,
        "expression": expression,
        "description": None,
        "d3format": ",d",
    }


def _column(column: Column) -> dict[str, Any]:
    unit = f", {column.unit.symbol}" if column.unit is not None and column.unit.unit != "count" else ""
    words = _words(column.name)
    return {
        "column_name": column.name,
        "verbose_name": words[:1].upper() + words[1:] + unit,
        "type": column.data_type,
        "is_dttm": column.data_type in ("DATE", "TIMESTAMP"),
        "is_active": True,
        "groupby": True,
        "filterable": True,
        "description": column.description,
    }


def _words(name: str) -> str:
    return name.replace("_", " ")


def _yaml(content: dict[str, Any]) -> str:
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
