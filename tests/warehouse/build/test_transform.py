"""dbt's tests as the build runs them: what is declared beside the columns, in one statement."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from warehouse.build import transform
from warehouse.build.run import BuildSummary
from warehouse.build.transform import Dbt, TransformResult
from warehouse.paths import DBT_PROJECT_DIR

pytestmark = pytest.mark.slow("dbt's tests asked in one statement find what dbt finds one by one")

DAMAGE = {
    "not_null": (
        "dim_projects",
        "nullif(project_name, 'Mount Weld') as project_name",
        ", column project_name: the test not_null_dim_projects_project_name does not hold (1 row(s)).",
    ),
    "unique": (
        "dim_companies",
        "'c' as company_name",
        ", column company_name: the test unique_dim_companies_company_name does not hold (1 row(s), for "
        "instance unique_field c, n_records ",
    ),
    "accepted_values": (
        "dim_deposit_types",
        "'moon' as deposit_family",
        ", column deposit_family: the test accepted_values_dim_deposit_",
    ),
    "relationships": (
        "fct_plant_statuses",
        "plant_id || 'x' as plant_id",
        ", column plant_id: the test relationships_fct_plant_statuses_plant_id__",
    ),
    "within_range": (
        "dim_oxides",
        "case oxide_order when 15 then 99 else oxide_order end as oxide_order",
        ", column oxide_order: the test within_range_dim_oxides_oxide_order__15__1 does not hold (1 row(s), "
        "for instance oxide_order 99).",
    ),
    "unique_combination": (
        "fct_project_minerals",
        "'liu2023-p001' as project_id, 'bastnaesite' as mineral",
        ": the test unique_combination_fct_project_minerals_",
    ),
    "a test of the project's own": (
        "fct_composition_predictions",
        "predicted_pct + 1 as lower_80_pct",
        ": the test interval_order_fct_composition_predictions_ does not hold (",
    ),
}
"""A mart, how its columns are damaged, and what is then said of its file."""


@pytest.fixture(scope="module")
def copy(built: BuildSummary, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copy(built.output, tmp_path_factory.mktemp("copy")))


def without_keys(file: Path, folder: Path) -> Path:
    """Copy the tables and views of a file as tables that take any row."""
    copied = folder / file.name
    with duckdb.connect(str(file), read_only=True) as source, duckdb.connect(str(copied)) as target:
        names = source.execute(
            "select table_schema, table_name from information_schema.tables where table_schema <> 'main'"
        ).fetchall()
        for schema, name in names:
            target.execute(f"create schema if not exists {schema}")
            target.register("rows", source.execute(f'from {schema}."{name}"').to_arrow_table())
            target.execute(f'create table {schema}."{name}" as from rows')
            target.unregister("rows")
    return copied


@pytest.fixture(scope="module")
def damaged(built: BuildSummary, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = without_keys(built.output, tmp_path_factory.mktemp("damaged"))
    with duckdb.connect(str(file)) as connection:
        for mart, columns, _ in DAMAGE.values():
            connection.execute(
                f"create or replace table marts.{mart} as select * replace ({columns}) from marts.{mart}"
            )
        connection.execute(
            "create or replace table quality.unmapped_values as from quality.unmapped_values "
            "union all by name select 'Atlantis is not mapped' as remedy"
        )
    return file


@pytest.fixture(scope="module")
def found(damaged: Path, tmp_path_factory: pytest.TempPathFactory) -> TransformResult:
    result = TransformResult()
    with pytest.MonkeyPatch.context() as patch:
        # So much is damaged at once that the first failures alone would get examples.
        patch.setattr(transform, "_EXPLAINED_FAILURES", 1000)
        Dbt(damaged, tmp_path_factory.mktemp("work")).run_declared_tests((), result)
    return result


def test_every_declared_test_is_run_and_has_a_name_of_its_own(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the user's own dbt is set to leave out."""
    monkeypatch.setenv("DBT_EXCLUDE_RESOURCE_TYPES", "test")
    dbt, result = Dbt(copy, tmp_path), TransformResult()
    declared = {
        node.name
        for node in dbt._manifest().nodes.values()
        if node.resource_type == "test" and hasattr(node, "test_metadata")
    }

    # One that cannot run in the one statement sends all of them the slow way, one by one.
    asked_alone: list[Any] = []
    run_one_by_one = Dbt._run_one_by_one

    def watched(self: Dbt, tests: list[Any], found: TransformResult) -> None:
        asked_alone.extend(tests)
        run_one_by_one(self, tests, found)

    monkeypatch.setattr(Dbt, "_run_one_by_one", watched)
    dbt.run_declared_tests((), result)

    assert not [test.name for test in asked_alone if transform._is_plain(test)]
    assert len(declared) > 650
    assert {name for name, _, _ in result.outcomes} == declared
    assert len(result.outcomes) == result.tests_passed == len(declared)
    assert (result.failures, result.warnings) == ([], [])


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_table_is_told_with_column_count_and_value(found: TransformResult, kind: str) -> None:
    mart, _, said = DAMAGE[kind]

    assert [one for one in found.failures if one.startswith(f"models/marts/{mart}.yml{said}")], found.failures


def test_a_test_that_only_warns_stops_nothing(found: TransformResult) -> None:
    assert ["Atlantis is not mapped" in warning for warning in found.warnings] == [True]


def test_dbt_itself_finds_the_same(damaged: Path, found: TransformResult, tmp_path: Path) -> None:
    dbt, own = Dbt(damaged, tmp_path), TransformResult()
    tests = dbt._selected_tests(("--select", *(mart for mart, _, _ in DAMAGE.values())), "test")

    dbt._run_one_by_one([test for test in tests if hasattr(test, "test_metadata")], own)

    assert len(own.failures) >= len(DAMAGE)
    assert set(own.outcomes) <= set(found.outcomes)


def test_a_declared_test_that_cannot_run_is_named_and_hides_no_other(copy: Path, tmp_path: Path) -> None:
    file = without_keys(copy, tmp_path)
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            "create or replace table marts.dim_products as "
            "select * exclude (description) replace ('p' as product) from marts.dim_products"
        )
    result = TransformResult()

    Dbt(file, tmp_path / "work").run_declared_tests(("--select", "dim_products"), result)

    said = "\n".join(result.failures)
    assert "not_null_dim_products_description failed" in said
    assert "unique_dim_products_product does not hold" in said
    assert result.tests_passed > 3


def test_unit_tests_that_are_left_out_are_counted_apart(copy: Path, tmp_path: Path) -> None:
    file = Path(shutil.copy(copy, tmp_path))
    dbt = Dbt(file, tmp_path / "work")
    model = ("--select", "int_record_locations")

    run = dbt.build(model)
    left_out = dbt.build(model, unit_tests=False)

    assert run.tests_known == 0
    assert left_out.tests_known >= 1
    assert left_out.tests_known + left_out.tests_passed == run.tests_passed
    assert sorted(left_out.outcomes) == sorted(run.outcomes)


def test_a_test_that_no_step_of_the_build_ran_is_named(
    built: BuildSummary, copy: Path, tmp_path: Path, warehouse: duckdb.DuckDBPyConnection
) -> None:
    rows = warehouse.execute(
        "select \"check\" from quality.check_results where gate = 'transform'"
    ).fetchall()
    ran, dbt = {name for (name,) in rows}, Dbt(copy, tmp_path)

    assert dbt.left_out(ran) == []
    for kind in ("a test declared beside a column", "a test of its own file", "a unit test"):
        name = next(name for name in sorted(ran) if _kind(dbt, name) == kind)
        assert [f"the test {name} was not run." in said for said in dbt.left_out(ran - {name})] == [True], (
            kind
        )


def _kind(dbt: Dbt, name: str) -> str:
    manifest = dbt._manifest()
    if name in {test.name for test in manifest.unit_tests.values()}:
        return "a unit test"
    node = next(node for node in manifest.nodes.values() if node.name == name)
    return "a test declared beside a column" if hasattr(node, "test_metadata") else "a test of its own file"


@pytest.mark.parametrize("content", [None, b"damaged"])
def test_what_was_parsed_is_kept_for_the_next_build(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    project = tmp_path / "project"
    shutil.copytree(DBT_PROJECT_DIR / "macros", project / "macros")
    shutil.copytree(DBT_PROJECT_DIR / "tests" / "generic", project / "tests" / "generic")
    for name in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(DBT_PROJECT_DIR / name, project)
    (project / "models").mkdir()
    (project / "models" / "one.sql").write_text("select 1 as one")
    monkeypatch.setattr(transform, "DBT_PROJECT_DIR", project)
    monkeypatch.setattr(transform, "CACHE_DIR", tmp_path / "cache")
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "dbt-0123456789ab.msgpack").touch()
    if content:
        _kept(tmp_path).write_bytes(content)

    first = Dbt(copy, tmp_path / "work")._manifest()
    kept = _kept(tmp_path).read_bytes()
    second = Dbt(copy, tmp_path / "other")._manifest()

    assert list(first.nodes) == ["model.ree_warehouse.one"]
    assert len(kept) > 100_000
    assert list((tmp_path / "cache").iterdir()) == [_kept(tmp_path)]
    assert set(second.nodes) == set(first.nodes)
    # Taken from what was kept: nothing was parsed a second time.
    created = {name: node.created_at for name, node in first.nodes.items()}
    assert {name: node.created_at for name, node in second.nodes.items()} == created


def _kept(tmp_path: Path) -> Path:
    return tmp_path / "cache" / transform.kept_parse(tmp_path / "project")


@pytest.mark.parametrize("changed", ["macros/names.sql", "tests/generic/odd.sql", "tests/odd.sql"])
def test_a_parse_is_not_kept_over_a_change_of_the_macros_or_tests(tmp_path: Path, changed: str) -> None:
    for name in ("macros/names.sql", "tests/generic/odd.sql", "tests/odd.sql", "models/m.sql"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("select 1")
    # As a build with a wrong path may have left it.
    (tmp_path / "macros" / "folder.sql").mkdir()
    before = transform.kept_parse(tmp_path)

    (tmp_path / "models" / "m.sql").write_text("select 2")
    same = transform.kept_parse(tmp_path)
    (tmp_path / changed).write_text("select 2")

    assert same == before
    assert transform.kept_parse(tmp_path) != before
