from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import duckdb
import pytest

from tests.lineage import ancestors_of, parent_map
from tests.shared_build import SilentReporter
from warehouse.build import run
from warehouse.build.run import BuildRequest, BuildSummary, _Build, build, docs_file
from warehouse.digest import sha256_of_file
from warehouse.errors import GateFailedError, ReeError
from warehouse.paths import SOURCES_DIR
from warehouse.sources.contract import load_packages

CONTINENTS = [
    ("Australia", 40),
    ("North America", 29),
    ("Africa", 26),
    ("Asia", 24),
    ("Europe", 13),
    ("South America", 12),
    ("Greenland", 2),
]


def test_projects_by_continent(warehouse: duckdb.DuckDBPyConnection) -> None:
    sql = "select continent, projects from marts.rpt_projects_by_continent order by 2 desc"

    assert warehouse.execute(sql).fetchall() == CONTINENTS


@pytest.mark.parametrize(
    ("continent", "deposit_type", "mean_pct", "projects", "printed"),
    [
        ("Africa", "Carbonatite", 11.87, 10, 2.4e9),
        ("Australia", "Hydrothermal/IOCG", 43.65, 2, 5.7e9),
        ("Greenland", "Alkaline rock", 21.40, 2, 2.1e9),
    ],
)
def test_hree_by_continent_and_deposit_type(
    warehouse: duckdb.DuckDBPyConnection,
    continent: str,
    deposit_type: str,
    mean_pct: float,
    projects: int,
    printed: float,
) -> None:
    row = warehouse.execute(
        "select hree_pct_mean, projects, reference_printed_value "
        "from marts.rpt_hree_by_continent_deposit_type where continent = ? and deposit_type = ?",
        [continent, deposit_type],
    ).fetchone()

    assert row is not None
    assert row[0] == pytest.approx(mean_pct, abs=0.005)
    assert row[1] == projects
    assert row[2] == pytest.approx(printed, rel=0.03)


def test_counts_of_compositions(warehouse: duckdb.DuckDBPyConnection) -> None:
    sql = """
        select count(*), count(*) filter (has_full_composition), count(*) filter (reported_oxides > 0),
            count(hree_reported_pct)
        from marts.dim_projects
    """

    assert warehouse.execute(sql).fetchone() == (146, 64, 70, 68)


def test_every_project_is_predicted_and_sums_to_100(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = warehouse.execute(
        """
        select project_id, count(*), sum(predicted_pct)
        from marts.fct_composition_predictions inner join marts.dim_model_runs using (model_run_id)
        where is_current group by project_id
        """
    ).fetchall()

    assert len(rows) == 146
    assert {row[1] for row in rows} == {15}
    assert all(row[2] == pytest.approx(100, abs=1e-6) for row in rows)


def test_unknown_and_judged_companies(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = dict(warehouse.execute("select project_number, company_id from marts.dim_projects").fetchall())

    assert [rows[n] for n in (91, 100, 101, 102)] == [None] * 4
    assert rows[61] == rows[52]  # Gakara is one block under Rainbow
    assert rows[142] != rows[141]
    assert (
        rows[32]
        == dict(warehouse.execute("select plant_number, company_id from marts.dim_plants").fetchall())[26]
    )


def test_no_published_row_or_cell_is_lost(warehouse: duckdb.DuckDBPyConnection) -> None:
    accounting = warehouse.execute(
        "select table_name, rows_in_file, rows_loaded, rows_rejected from meta.source_files"
    ).fetchall()

    assert ("liu_2023__projects", 146, 146, 0) in accounting
    assert ("liu_2023__plants", 67, 67, 0) in accounting
    shares = warehouse.execute(
        "select count(*) from marts.fct_compositions where share_as_published not in ('', '-') "
        "and share_of_treo_pct is null"
    ).fetchone()
    assert shares == (0,)


def test_every_published_column_is_a_table_column_with_a_comment(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    bare = warehouse.execute(
        "select table_name, column_name from duckdb_columns() where schema_name in ('marts') "
        "and comment is null"
    ).fetchall()
    views = warehouse.execute(
        "select view_name from duckdb_views() where database_name = current_database() and not internal"
    ).fetchall()
    nameless = warehouse.execute(
        "select table_name from duckdb_tables() where schema_name in ('marts', 'quality', 'meta') "
        "and comment is null"
    ).fetchall()

    assert (bare, views, nameless) == ([], [], [])


def test_keys_are_inside_the_database(warehouse: duckdb.DuckDBPyConnection) -> None:
    marts = {
        name
        for (name,) in warehouse.execute(
            "select table_name from duckdb_tables() where schema_name = 'marts'"
        ).fetchall()
    }
    keyed = {
        name
        for (name,) in warehouse.execute(
            "select table_name from duckdb_constraints() where schema_name = 'marts' "
            "and constraint_type = 'PRIMARY KEY'"
        ).fetchall()
    }

    assert marts - keyed == set()


def test_the_build_says_what_it_was_made_from(warehouse: duckdb.DuckDBPyConnection) -> None:
    hashes, versions = warehouse.execute(
        "select source_hashes, library_versions from meta.builds where is_current"
    ).fetchone() or ("{}", "{}")

    sources = {
        f"{package.name}__{resource.name}": sha256_of_file(SOURCES_DIR / package.name / resource.path)
        for package in load_packages(SOURCES_DIR)
        for resource in package.resources
    }
    assert json.loads(hashes) == sources
    assert json.loads(versions)["duckdb"] == duckdb.__version__


def test_nothing_that_the_build_checked_warns(warehouse: duckdb.DuckDBPyConnection) -> None:
    checked = warehouse.execute(
        "select gate, count(*) > 3, count(*) filter (outcome <> 'pass') from quality.check_results "
        "group by 1 order by 1"
    ).fetchall()
    read = warehouse.execute(
        "select distinct is_as_recorded, rows_rejected from meta.source_files"
    ).fetchall()

    assert checked == [("loaded", True, 0), ("published", True, 0), ("transform", True, 0)]
    assert read == [(True, 0)]


def test_the_lineage_reaches_from_the_raw_table_to_the_prediction(built: BuildSummary) -> None:
    html = docs_file(built.output).read_text(encoding="utf-8")
    parents = parent_map(html)
    ancestors = ancestors_of(parents, "model.ree_warehouse.composition_best")

    assert "source.ree_warehouse.ml.composition_predictions" in ancestors
    assert "source.ree_warehouse.raw.liu_2023__projects" in ancestors
    predictions = "model.ree_warehouse.int_model_predictions"
    assert "model.ree_warehouse.fct_compositions" in parents[predictions]


def test_the_lineage_site_needs_no_network(built: BuildSummary) -> None:
    html = docs_file(built.output).read_text(encoding="utf-8")
    loaded = re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="(https?://[^"]+)"', html)

    assert loaded == []
    assert html.count("<script") > 0
    assert "dim_projects" in html


def test_the_publishers_own_files_give_the_same_tables(
    built: BuildSummary, published_dir: Path, tmp_path: Path
) -> None:
    """Marts are made of what raw tables hold, but for file and line: tables alike give the same marts."""
    request = BuildRequest(output=tmp_path / "ree.duckdb", published_dir=published_dir)
    work = _Build(request, tmp_path, SilentReporter())
    work.load()

    assert work.is_shipped
    connection = duckdb.connect()
    connection.execute(f"attach '{built.output}' as own (read_only)")
    connection.execute(f"attach '{work.database}' as published (read_only)")
    tables = connection.execute(
        "select table_name from duckdb_tables() where database_name = 'own' and schema_name = 'raw'"
    ).fetchall()
    assert len(tables) > 15
    for (table,) in tables:
        own, published = (
            f"select * exclude (source_file, source_line) from {file}.raw.{table}"
            for file in ("own", "published")
        )
        differing = connection.execute(
            f"select count(*) from (({own} except all {published}) union all ({published} except all {own}))"
        ).fetchone()
        assert differing == (0,), table
    files = connection.execute("select distinct source_file from published.raw.liu_2023__projects").fetchall()
    assert files == [("mining_projects.csv",)]


def broken_sources(tmp_path: Path, old: str, new: str) -> Path:
    folder = tmp_path / "sources"
    shutil.copytree(SOURCES_DIR, folder)
    file = folder / "liu_2023" / "projects.csv"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("old", "new", "error", "words"),
    [
        # Stopped by the gate on what was loaded, by a dbt test, and by the reader.
        ('300,"5,4"', '300,"5,4 wt"', GateFailedError, "grade_wt_pct: the cell is no number"),
        pytest.param(
            *('300,"5,4"', '300,"540"', GateFailedError, "within_range_dim_projects_grade_treo_wt_pct"),
            marks=pytest.mark.slow("a dbt test that fails stops the build, and the file stays as it was"),
        ),
        ('"Mount Weld, Australia"', '"Mount Weld, Australia', ReeError, "projects.csv, line"),
    ],
)
def test_a_broken_input_leaves_the_last_file_alone(
    built: BuildSummary,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    old: str,
    new: str,
    error: type[Exception],
    words: str,
) -> None:
    # Of dbt, as far as the test that fails.
    monkeypatch.setattr(run, "BEFORE_MODELS", ("--select", "+dim_projects"))
    output = tmp_path / "build" / "ree.duckdb"
    output.parent.mkdir()
    shutil.copyfile(built.output, output)
    before = output.read_bytes()
    sources = broken_sources(tmp_path, old, new)

    with pytest.raises(error) as caught:
        build(BuildRequest(output=output, sources_dir=sources, docs=False), SilentReporter())

    assert words in str(caught.value)
    assert output.read_bytes() == before
    assert [entry.name for entry in output.parent.iterdir()] == ["ree.duckdb"]


def test_a_failed_gate_on_what_is_published_publishes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A gate may fail although every model and test is content; a first build then leaves nothing."""
    output, ran = tmp_path / "ree.duckdb", []
    monkeypatch.setattr(run, "published_suites", _impossible_suites)
    for step in ("transform", "model", "transform_predictions", "work_out_scenarios"):
        monkeypatch.setattr(run._Build, step, lambda build, step=step: ran.append(step) or "done")

    with pytest.raises(GateFailedError, match="the sky is not green"):
        build(BuildRequest(output=output, docs=False), SilentReporter())

    assert ran == ["transform", "model", "transform_predictions", "work_out_scenarios"]
    assert list(tmp_path.iterdir()) == []


def _impossible_suites() -> list[object]:
    from warehouse.build.gates.checks import Check, Suite

    check = Check(
        expect="column_values_to_be_in_set",
        arguments={"column": "sky", "value_set": ["green"]},
        meaning="the sky is not green",
        remedy="paint it",
    )
    return [Suite(name="sky", query="select 'blue' as sky", checks=(check,))]
