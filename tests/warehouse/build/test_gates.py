from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from warehouse.build.gates.checks import Check, Suite, accounting_suite, loaded_suite, published_suites
from warehouse.build.gates.runner import evaluate, run_gate
from warehouse.build.load import load_sources
from warehouse.errors import GateFailedError
from warehouse.paths import SOURCES_DIR
from warehouse.sources.contract import ResourceContract
from warehouse.sources.read import read_sources


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    shutil.copytree(SOURCES_DIR, tmp_path / "sources")
    return tmp_path / "sources"


def loaded_gate(sources: Path) -> list[str]:
    """Return the sentences of the gate on what was loaded."""
    connection = duckdb.connect()
    tables = read_sources(sources)
    load_sources(connection, tables)
    suites = [loaded_suite(t.name, t.file.name, t.resource) for t in tables]
    try:
        run_gate("loaded", connection, [accounting_suite(), *suites])
    except GateFailedError as error:
        return error.sentences
    return []


def edit(sources: Path, old: str, new: str) -> None:
    file = sources / "liu_2023" / "projects.csv"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_shipped_sources_pass(sources: Path) -> None:
    assert loaded_gate(sources) == []


def test_a_failure_names_file_line_column_value_and_remedy(sources: Path) -> None:
    edit(sources, ',300,"5,4",', ',300,"5.4 %",')
    edit(sources, "\n3,3,Iluka", "\n2,3,Iluka")

    sentences = loaded_gate(sources)

    assert sentences == [
        "projects.csv, line 3, 4, column project_number: the key is duplicated ('2'); "
        "give each row its own project_number.",
        "projects.csv, line 2, column grade_wt_pct: the cell is no number with decimal ',' ('5.4 %'); "
        "correct the file, or clear the cell if the value is unknown.",
    ]


def test_outcomes_are_recorded_for_the_reader_of_the_file(sources: Path) -> None:
    connection = duckdb.connect()
    tables = read_sources(sources)
    load_sources(connection, tables)
    connection.execute("update meta.source_files set rows_loaded = rows_loaded - 1")

    with pytest.raises(GateFailedError):
        run_gate("loaded", connection, [accounting_suite()])

    assert connection.execute("select gate, outcome from quality.check_results").fetchall() == [
        ("loaded", "fail")
    ]


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ("delete from marts.dim_projects where project_number = 4", "do not reach the mart"),
        ("create or replace table marts.dim_oxides as from marts.dim_oxides limit 0", "a mart is empty"),
        ("update marts.dim_model_runs set is_current = false", "not exactly one current model run"),
        (
            "update marts.rpt_model_league set minus_training_mean_pct = 0.1 where is_champion",
            "does not beat predicting the training mean",
        ),
    ],
)
def test_the_published_gate_sees_damage(
    warehouse: duckdb.DuckDBPyConnection, damage: str, words: str
) -> None:
    """Each damage is done to keyless copies of the marts, in memory."""
    copy = duckdb.connect()
    for schema in ("raw", "marts", "quality"):
        copy.execute(f"create schema {schema}")
        names = warehouse.execute(
            "select table_name from information_schema.tables where table_schema = ?", [schema]
        ).fetchall()
        for (name,) in names:
            frame = warehouse.execute(f"select * from {schema}.{name}").to_arrow_table()
            copy.register("frame", frame)
            copy.execute(f"create table {schema}.{name} as select * from frame")
    suites = published_suites()
    assert {r.outcome for r in evaluate(copy, "published", suites)} == {"pass"}

    copy.execute(damage)

    failed = [r.observed for r in evaluate(copy, "published", suites) if r.outcome != "pass"]
    assert any(words in sentence for sentence in failed), failed


def test_a_warning_stops_only_a_strict_gate() -> None:
    check = Check(
        expect="column_values_to_not_be_null",
        arguments={"column": "country"},
        meaning="a project has no country",
        remedy="map its location",
        severity="warn",
    )
    suite = Suite(name="projects", query="select 1 as id, null as country", row_place="id", checks=(check,))

    (result,) = run_gate("published", duckdb.connect(), [suite])
    assert result.outcome == "warn"
    with pytest.raises(GateFailedError, match=r"projects, id 1, column country: a project has no country"):
        run_gate("published", duckdb.connect(), [suite], strict=True)


@pytest.mark.parametrize(
    ("constraints", "fails"), [({"enum": ["a"]}, False), ({"enum": ["a"], "required": True}, True)]
)
def test_a_blank_is_no_wrong_choice_unless_required(constraints: dict[str, object], fails: bool) -> None:
    resource = ResourceContract.model_validate(
        {
            "name": "t",
            "path": "t.csv",
            "schema": {
                "fields": [{"name": "kind", "description": "kind", "constraints": constraints}],
                "primaryKey": ["kind"],
            },
        }
    )
    suite = loaded_suite("t", "t.csv", resource).model_copy(
        update={"query": "select 'a' as kind, 2 as source_line union all select '', 3"}
    )

    failed = [r for r in evaluate(duckdb.connect(), "loaded", [suite]) if r.outcome == "fail"]
    assert bool(failed) is fails
