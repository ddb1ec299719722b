"""The Croissant file of an export: valid to MLCommons' own reader, which reads the tables by it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import mlcroissant
import pandas as pd
import pytest

from warehouse.build.run import BuildSummary
from warehouse.digest import sha256_of_file
from warehouse.export.request import EXPORTED_SCHEMAS, ExportFormat, ExportRequest
from warehouse.export.run import export
from warehouse.file.catalogue import read_tables

pytestmark = pytest.mark.slow("an export is described so that Croissant's own reader reads it")

TYPES = {
    "VARCHAR": "Text",
    "BOOLEAN": "Boolean",
    "INTEGER": "Integer",
    "BIGINT": "Integer",
    "DOUBLE": "Float",
}
TYPES |= {"DATE": "Date", "TIMESTAMP": "DateTime"}


@pytest.fixture(scope="module")
def exported(built: BuildSummary, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export") / "ree"
    export(ExportRequest(folder, built.output, formats=(ExportFormat.csv, ExportFormat.parquet)))
    return folder


@pytest.fixture(scope="module")
def described(exported: Path) -> dict[str, Any]:
    return json.loads((exported / "croissant.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def dataset(exported: Path) -> mlcroissant.Dataset:
    return mlcroissant.Dataset(str(exported / "croissant.json"))


def test_it_is_valid_and_nothing_is_missing(dataset: mlcroissant.Dataset) -> None:
    assert dataset.metadata.ctx.issues.errors == set()
    assert dataset.metadata.ctx.issues.warnings == set()
    assert dataset.metadata.conforms_to == ["http://mlcommons.org/croissant/1.0"]


def test_every_table_is_a_record_set_with_its_columns(
    dataset: mlcroissant.Dataset, warehouse: duckdb.DuckDBPyConnection
) -> None:
    tables = {table.name: table for table in read_tables(warehouse, EXPORTED_SCHEMAS)}
    record_sets = {each.name: each for each in dataset.metadata.record_sets}

    assert set(record_sets) == set(tables)
    assert len(tables) > 50
    for name, table in tables.items():
        fields = record_sets[name].fields
        assert record_sets[name].description == table.description
        assert [(f.name, f.description) for f in fields] == [(c.name, c.description) for c in table.columns]
        kinds = [str(f.data_types[0]).rsplit("/")[-1] for f in fields]
        assert kinds == [TYPES[column.data_type] for column in table.columns]
        keys = {
            (column, f"{key.table}/{other}")
            for key in table.foreign_keys
            for column, other in zip(key.columns, key.referenced, strict=True)
        }
        assert {(f.name, f.references.field) for f in fields if f.references.field} == keys
        assert tuple(key.removeprefix(f"{name}/") for key in record_sets[name].key or []) == table.primary_key


def test_every_file_has_its_checksum_and_every_source_its_citation(
    exported: Path, described: dict[str, Any]
) -> None:
    files = {each["contentUrl"]: each["sha256"] for each in described["distribution"]}
    package = json.loads((exported / "datapackage.json").read_text(encoding="utf-8"))

    assert set(files) == {file.relative_to(exported).as_posix() for file in exported.glob("*/*/*")}
    assert all(sha256_of_file(exported / path) == sha256 for path, sha256 in files.items())
    assert "https://spdx.org/licenses/MIT.html" in described["license"]
    assert [each["citation"] for each in described["isBasedOn"]] == [
        s["citation"] for s in package["sources"]
    ]
    assert all(each["citation"] in described["citeAs"] for each in described["isBasedOn"])


@pytest.mark.parametrize("table", ["dim_projects", "dim_countries"])
def test_a_table_read_by_it_is_that_of_the_file(
    dataset: mlcroissant.Dataset, warehouse: duckdb.DuckDBPyConnection, table: str
) -> None:
    """With its nulls, its references to other tables, and NA, the code of Namibia."""
    expected = warehouse.execute(f"from marts.{table} order by all").fetchall()
    read = [tuple(map(_plain, record.values())) for record in dataset.records(table)]

    assert len(read) > 25
    assert sorted(read, key=str) == sorted(expected, key=str)


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode("utf-8")
    return None if value is None or pd.isna(value) else value


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('"dataType": "sc:', '"kind": "sc:'),
        ('"sha256": "', '"sha": "'),
        ('"fileObject": {"@id": "', '"fileObject": {"@id": "no-'),
    ],
)
def test_what_is_wrong_is_seen(described: dict[str, Any], tmp_path: Path, right: str, wrong: str) -> None:
    one = next(each for each in described["recordSet"] if each["name"] == "dim_oxides")
    path = one["field"][0]["source"]["fileObject"]["@id"]
    small = described | {
        "recordSet": [one],
        "distribution": [each for each in described["distribution"] if each["@id"] == path],
    }
    text = json.dumps(small)
    whole, spoilt = tmp_path / "whole.json", tmp_path / "spoilt.json"
    whole.write_text(text, encoding="utf-8")
    spoilt.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    assert right in text

    mlcroissant.Dataset(str(whole))
    with pytest.raises(mlcroissant.ValidationError):
        mlcroissant.Dataset(str(spoilt))
