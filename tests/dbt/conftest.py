"""The capacity models as dbt compiles them, on an in-memory database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from warehouse.paths import DBT_PROJECT_DIR

Row = dict[str, Any]
Parse = Callable[[str], list[Row]]

MODELS = (
    "int_plant_capacity_cells",
    "int_plant_capacity_segments",
    "int_plant_capacity_figures",
    "int_plant_capacity_nesting",
    "int_plant_capacity_products",
    "fct_plant_capacities",
)


def compile_models(folder: Path) -> list[tuple[str, str]]:
    """Return name and compiled SQL of ``MODELS``, upstream first."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REE_DUCKDB_PATH", str(folder / "ree.duckdb"))
        patch.setenv("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")
        arguments = ["compile", "--select", *MODELS, "--quiet", "--no-version-check"]
        arguments += ["--project-dir", str(DBT_PROJECT_DIR), "--profiles-dir", str(DBT_PROJECT_DIR)]
        arguments += ["--target-path", str(folder / "dbt"), "--log-path", str(folder / "logs")]
        outcome = dbtRunner().invoke(arguments)
        DuckDBConnectionManager.close_all_connections()
    assert outcome.success, outcome.exception
    compiled = {
        result.node.name: (result.node.relation_name, result.node.compiled_code)
        for result in outcome.result
        if result.node.resource_type == "model"
    }
    return [compiled[name] for name in MODELS]


@pytest.fixture(scope="session")
def capacity_database(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """The capacity models as views over an empty table of plants and the shipped product spellings."""
    connection = duckdb.connect()
    connection.execute("attach ':memory:' as ree")
    for schema in ("staging", "intermediate", "marts"):
        connection.execute(f"create schema ree.{schema}")
    connection.execute(
        "create table ree.staging.stg_liu_2023__plants"
        "(plant_id varchar, capacity_as_published varchar, yield_as_published varchar)"
    )
    seed = DBT_PROJECT_DIR / "seeds" / "product_spellings.csv"
    connection.execute(
        "create table ree.staging.product_spellings as from read_csv(?, all_varchar = true, header = true)",
        [str(seed)],
    )
    for relation, sql in compile_models(tmp_path_factory.mktemp("compiled")):
        connection.execute(f"create view {relation} as {sql}")
    return connection


@pytest.fixture(scope="session")
def parse_capacity(capacity_database: duckdb.DuckDBPyConnection) -> Parse:
    """Rows of ``fct_plant_capacities`` for one capacity cell, in order."""
    return lambda cell: _parse(capacity_database, cell, None)


@pytest.fixture(scope="session")
def parse_yield(capacity_database: duckdb.DuckDBPyConnection) -> Parse:
    """Rows of ``fct_plant_capacities`` for one yield cell, in order."""
    return lambda cell: _parse(capacity_database, None, cell)


def _parse(connection: duckdb.DuckDBPyConnection, capacity: str | None, made: str | None) -> list[Row]:
    connection.execute("delete from ree.staging.stg_liu_2023__plants")
    connection.execute("insert into ree.staging.stg_liu_2023__plants values ('p', ?, ?)", [capacity, made])
    cursor = connection.execute("select * from ree.marts.fct_plant_capacities order by figure_position")
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
