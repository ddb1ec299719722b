"""An export reads back as the published file, in whatever a user reads it with."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import frictionless
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
import yaml

from tests.terminal import ree
from warehouse import __version__
from warehouse.build.run import BuildSummary
from warehouse.errors import ReeError
from warehouse.export import files, run
from warehouse.export.request import EXPORTED_SCHEMAS, ExportRequest
from warehouse.export.run import export
from warehouse.file.catalogue import Table, quoted, read_tables
from warehouse.paths import PROJECT_ROOT, SOURCES_DIR
from warehouse.sources.contract import load_packages

pytestmark = pytest.mark.slow("an export is read back by pandas, polars, pyarrow and frictionless")

Row = tuple[Any, ...]


@pytest.fixture(scope="module")
def exported(built: BuildSummary, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export") / "ree"
    export(ExportRequest(folder, built.output))
    return folder


@pytest.fixture(scope="module")
def package(exported: Path) -> dict[str, Any]:
    return json.loads((exported / "datapackage.json").read_text(encoding="utf-8"))


@pytest.fixture
def copy(exported: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(exported, tmp_path / "copy"))


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A published file of one table, with every type and every character that CSV finds hard."""
    file = tmp_path / "small.duckdb"
    with duckdb.connect(str(file)) as connection:
        for statement in (
            "create schema marts",
            "create schema meta",
            "create table meta.builds (build_id varchar, built_at timestamp, code_version varchar, "
            "is_current boolean)",
            "insert into meta.builds values ('b', '2026-01-02 03:04:05', '0', true)",
            "create table meta.source_files (table_name varchar, file varchar, sha256 varchar)",
            "insert into meta.source_files values ('liu_2023__plants', 'sources/plants.csv', '00')",
            "create table marts.odd (id integer primary key, txt varchar, amount_t double, whole bigint, "
            "is_odd boolean, day date, moment timestamp)",
        ):
            connection.execute(statement)
        connection.executemany("insert into marts.odd values (?, ?, ?, ?, ?, ?, ?)", ODD_ROWS)
    return file


ODD_ROWS: list[Row] = [
    (
        1,
        'a "quoted", text\r\nof two lines',
        0.1 + 0.2,
        2**62,
        True,
        date(2026, 2, 1),
        datetime(2026, 1, 2, 3),
    ),
    (2, None, None, None, None, None, None),
    (3, "", 1e-300, -1, False, date(1, 1, 1), datetime(2026, 1, 2, 3, 4, 5, 600)),
    (4, "NA", -0.5, 0, True, date(9999, 12, 31), datetime(1970, 1, 1)),
    (5, " 稀土; naïve\t", 1e300, 7, False, None, None),
]


def tables(connection: duckdb.DuckDBPyConnection) -> list[Table]:
    return read_tables(connection, EXPORTED_SCHEMAS)


def published_rows(connection: duckdb.DuckDBPyConnection, table: Table) -> list[Row]:
    order = ", ".join(quoted(name) for name in table.primary_key) or "all"
    return connection.execute(f"select * from {quoted(table.schema, table.name)} order by {order}").fetchall()


def place(folder: Path, table: Table, form: str) -> Path:
    return folder / form / table.schema / f"{table.name}.{form}"


def rows_of_pandas(frame: pd.DataFrame) -> list[Row]:
    columns = [[None if pd.isna(value) else value for value in frame[name]] for name in frame.columns]
    return list(zip(*columns, strict=True))


def without_empty_texts(rows: list[Row]) -> list[Row]:
    return [tuple(None if value == "" else value for value in row) for row in rows]


ARROW = {
    "VARCHAR": pa.string(),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
}
POLARS = {
    "VARCHAR": pl.String(),
    "INTEGER": pl.Int32(),
    "BIGINT": pl.Int64(),
    "DOUBLE": pl.Float64(),
    "BOOLEAN": pl.Boolean(),
    "DATE": pl.Date(),
    "TIMESTAMP": pl.Datetime("us"),
}


def assert_reads_back(connection: duckdb.DuckDBPyConnection, folder: Path, table: Table) -> None:
    """Compare every reader's rows and types with the table's."""
    expected = published_rows(connection, table)
    types = {column.name: column.data_type for column in table.columns}
    arrow_types = {name: ARROW[kind] for name, kind in types.items()}
    csv, parquet = place(folder, table, "csv"), place(folder, table, "parquet")

    arrow = pq.read_table(parquet)
    assert [(field.name, field.type) for field in arrow.schema] == list(arrow_types.items())
    assert [tuple(row.values()) for row in arrow.to_pylist()] == expected

    frame = pl.read_parquet(parquet)
    assert dict(frame.schema) == {name: POLARS[kind] for name, kind in types.items()}
    assert frame.rows() == expected

    pandas_frame = pd.read_parquet(parquet, dtype_backend="pyarrow")
    assert {name: kind.pyarrow_dtype for name, kind in pandas_frame.dtypes.items()} == arrow_types
    assert rows_of_pandas(pandas_frame) == expected

    options = pa.csv.ConvertOptions(
        column_types=arrow_types, strings_can_be_null=True, quoted_strings_can_be_null=False, null_values=[""]
    )
    parsing = pa.csv.ParseOptions(newlines_in_values=True)
    arrow = pa.csv.read_csv(csv, convert_options=options, parse_options=parsing)
    assert [tuple(row.values()) for row in arrow.to_pylist()] == expected

    frame = pl.read_csv(csv, schema={name: POLARS[kind] for name, kind in types.items()})
    assert frame.rows() == expected

    dtypes = {name: pd.ArrowDtype(kind) for name, kind in arrow_types.items()}
    pandas_frame = pd.read_csv(csv, dtype=dtypes, keep_default_na=False, na_values=[""])
    assert rows_of_pandas(pandas_frame) == without_empty_texts(expected)


def test_every_table_reads_back_as_it_is(warehouse: duckdb.DuckDBPyConnection, exported: Path) -> None:
    found = tables(warehouse)

    assert len(found) > 30
    for table in found:
        assert_reads_back(warehouse, exported, table)


def test_hard_texts_and_every_type_read_back(small: Path, tmp_path: Path) -> None:
    folder = tmp_path / "export"
    export(ExportRequest(folder, small, ("marts",)))
    with duckdb.connect(str(small), read_only=True) as connection:
        (table,) = read_tables(connection, ["marts"])
        assert_reads_back(connection, folder, table)
    text = (folder / "csv/marts/odd.csv").read_bytes().decode("utf-8")

    assert text.startswith("id,txt,amount_t,whole,is_odd,day,moment\r\n")
    assert (
        '"a ""quoted"", text\r\nof two lines",0.30000000000000004,4611686018427387904,true,2026-02-01,'
        in text
    )
    assert "2,,,,,,\r\n" in text
    assert '3,"",1e-300,-1,false,0001-01-01,2026-01-02T03:04:05.000600\r\n' in text


def test_parquet_carries_comments_units_and_keys(
    warehouse: duckdb.DuckDBPyConnection, exported: Path
) -> None:
    with_unit = 0
    for table in tables(warehouse):
        schema = pq.read_schema(place(exported, table, "parquet"))
        about = {key.decode(): value.decode() for key, value in schema.metadata.items()}
        assert about["description"] == table.description
        assert tuple(json.loads(about["primary_key"])) == table.primary_key
        assert len(json.loads(about["foreign_keys"])) == len(table.foreign_keys)
        assert "10.1016/j.oregeorev.2023.105428" in about["citation"]
        assert json.loads(about["licenses"])[0]["name"] == "MIT"
        for column in table.columns:
            field = schema.field(column.name)
            unit = column.unit
            assert field.metadata[b"description"].decode() == column.description != ""
            assert field.metadata.get(b"unit", b"").decode() == (unit.unit if unit else "")
            assert field.nullable == column.is_nullable
            with_unit += unit is not None
    assert with_unit > 60


def test_the_package_validates_with_its_data(exported: Path) -> None:
    report = frictionless.Package(str(exported / "datapackage.json")).validate()

    assert report.valid, report.flatten(["name", "note"])
    assert len(report.tasks) > 60


def spoil(file: Path, before: str, after: str) -> None:
    text = file.read_bytes().decode("utf-8")
    assert before in text
    file.write_bytes(text.replace(before, after, 1).encode("utf-8"))


@pytest.mark.parametrize(
    ("table", "before", "after", "error"),
    [
        ("dim_projects", ",true", ",perhaps", "type-error"),
        ("dim_oxides", "La2O3,", "Ce2O3,", "primary-key"),
        ("dim_projects", "liu2023-p001,1,", "liu2023-p001,,", "constraint-error"),
        ("fct_project_statuses", "liu2023-p001,", "liu2023-p999,", "foreign-key"),
    ],
)
def test_a_spoilt_cell_fails_validation(copy: Path, table: str, before: str, after: str, error: str) -> None:
    spoil(copy / f"csv/marts/{table}.csv", before, after)
    descriptor = json.loads((copy / "datapackage.json").read_text(encoding="utf-8"))
    spoilt = next(each for each in descriptor["resources"] if each["name"] == table)
    referenced = {key["reference"]["resource"] for key in spoilt["schema"].get("foreignKeys", [])}
    descriptor["resources"] = [r for r in descriptor["resources"] if r["name"] in {table, *referenced}]
    for resource in descriptor["resources"]:
        # The checksum alone would give the cell away.
        resource.pop("hash")
        resource.pop("bytes")
        if resource is not spoilt:
            resource["schema"].pop("foreignKeys", None)
    (copy / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    report = frictionless.Package(str(copy / "datapackage.json")).validate()

    assert error in {name for (name,) in report.flatten(["type"])}


def test_a_spoilt_file_fails_its_checksum(copy: Path) -> None:
    spoil(copy / "csv/marts/dim_oxides.csv", "La2O3", "La203")
    report = frictionless.Package(str(copy / "datapackage.json")).validate()

    assert "hash-count" in {name for (name,) in report.flatten(["type"])}


def test_sha256sum_agrees_and_covers_every_file(exported: Path, copy: Path) -> None:
    check = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    listed = {line.split("  ")[1] for line in (exported / "SHA256SUMS").read_text().splitlines()}
    present = {str(path.relative_to(exported)) for path in exported.rglob("*") if path.is_file()}

    assert present - listed == {"SHA256SUMS"}
    assert subprocess.run(check, cwd=exported, capture_output=True).returncode == 0
    spoil(copy / "CITATION.cff", "MIT", "GPL")
    assert subprocess.run(check, cwd=copy, capture_output=True).returncode == 1


def test_the_package_describes_units_keys_and_sources(
    package: dict[str, Any], warehouse: duckdb.DuckDBPyConnection
) -> None:
    described = {resource["name"]: resource for resource in package["resources"]}
    for table in tables(warehouse):
        schema = described[table.name]["schema"]
        assert described[table.name]["description"] == table.description
        assert schema.get("primaryKey", []) == list(table.primary_key)
        assert len(schema.get("foreignKeys", [])) == len(table.foreign_keys)
        for field, column in zip(schema["fields"], table.columns, strict=True):
            unit = column.unit
            assert (field["name"], field["description"]) == (column.name, column.description)
            assert field.get("unit") == (unit.unit if unit else None)
    # Country outlines are drawn in the report and are in no table.
    loaded = [source for source in load_packages(SOURCES_DIR) if source.resources]
    assert package["version"] == __version__
    assert {source["citation"] for source in package["sources"]} == {s.citation for s in loaded}
    assert all(file["hash"].startswith("sha256:") for s in package["sources"] for file in s["files"])
    build_id = warehouse.execute("select build_id from meta.builds where is_current").fetchone()[0]
    assert package["buildId"] == build_id


def test_both_citation_files_cite_the_project_and_the_study(exported: Path) -> None:
    own = yaml.safe_load((PROJECT_ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    dataset = yaml.safe_load((exported / "CITATION.cff").read_text(encoding="utf-8"))

    assert own["version"] == __version__
    assert (own["type"], dataset["type"]) == ("software", "dataset")
    assert isinstance(dataset["date-released"], date)
    study = next(package for package in load_packages(SOURCES_DIR) if package.name == "liu_2023").citation
    for content in (own, dataset):
        assert content["cff-version"] == "1.2.0"
        assert content["message"]
        assert content["authors"]
        (paper,) = [reference for reference in content["references"] if reference["type"] == "article"]
        authors = ", ".join(f"{a['family-names']}, {a['given-names']}" for a in paper["authors"])
        assert study.startswith(f"{authors} ({paper['year']}). {paper['title']}. {paper['journal']} ")
        assert study.endswith(f"{paper['volume']}, {paper['start']}. https://doi.org/{paper['doi']}")


def test_the_command_writes_replaces_and_chooses(built: BuildSummary, tmp_path: Path) -> None:
    folder = tmp_path / "export"
    first = ree(
        "export", str(folder), "--file", str(built.output), "--schema", "marts", "--format", "parquet"
    )
    names = {path.name for path in folder.rglob("*") if path.is_file()}
    second = ree("export", str(folder), "--file", str(built.output))

    assert (first.returncode, second.returncode) == (0, 0)
    assert "dim_projects.parquet" in names
    assert not {name for name in names if name.endswith(".csv") or "cell_changes" in name}
    assert (folder / "csv/quality/cell_changes.csv").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["export"]
    assert f"{len(list(folder.rglob('*.*'))) + 1} files" in second.stdout


def test_equal_tables_make_equal_files(built: BuildSummary, exported: Path, tmp_path: Path) -> None:
    export(ExportRequest(tmp_path / "again", built.output))

    sums = [(folder / "SHA256SUMS").read_text() for folder in (exported, tmp_path / "again")]
    assert sums[0] == sums[1]


@pytest.mark.parametrize("kind", ["other folder", "export and more", "file"])
def test_what_is_no_earlier_export_is_left_alone(
    exported: Path, built: BuildSummary, tmp_path: Path, kind: str
) -> None:
    folder = tmp_path / "mine"
    if kind == "file":
        folder.write_text("keep")
    else:
        if kind == "export and more":
            shutil.copytree(exported, folder)
        (folder / "sub").mkdir(parents=True)
        (folder / "sub" / "notes.txt").write_text("keep")
    before = sorted(tmp_path.rglob("*"))
    done = ree("export", str(folder), "--file", str(built.output))

    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert ("this is a file" if kind == "file" else "holds sub/notes.txt") in done.stderr
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("step", ["a table", "the move"])
def test_a_failure_leaves_the_earlier_export(
    built: BuildSummary, copy: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    before = {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()}

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    if step == "a table":
        monkeypatch.setattr(run, "write_parquet", full)
    else:
        real = run.os.replace
        monkeypatch.setattr(
            run.os, "replace", lambda a, b: full() if Path(a).name == "export" else real(a, b)
        )
    with pytest.raises(ReeError, match="No space left on device"):
        export(ExportRequest(copy, built.output))

    assert {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()} == before
    assert [path.name for path in copy.parent.iterdir()] == ["copy"]


@pytest.mark.parametrize(
    ("schema", "statement", "words"),
    [
        ("nonsense", "select 1", "no table in schema nonsense"),
        ("marts", "alter table marts.odd add column parts integer[]", "INTEGER[] cannot be written as CSV"),
        ("marts", "delete from meta.builds", "does not say how it was built"),
    ],
)
def test_what_cannot_be_exported_is_told(
    small: Path, tmp_path: Path, schema: str, statement: str, words: str
) -> None:
    with duckdb.connect(str(small)) as connection:
        connection.execute(statement)
    with pytest.raises(ReeError) as failure:
        export(ExportRequest(tmp_path / "export", small, (schema,)))

    assert words in str(failure.value)
    assert not (tmp_path / "export").exists()


def test_a_text_is_quoted_only_where_it_must() -> None:
    line = files._line(["plain", "with,comma", None, "", 'a"b', True, 1.5])

    assert line == 'plain,"with,comma",,"","a""b",true,1.5\r\n'
