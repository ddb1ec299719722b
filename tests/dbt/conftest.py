"""dbt's models and tests as it compiles them, on databases in memory."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import duckdb
import pytest

from warehouse.paths import DBT_PROJECT_DIR

Reading = dict[str, Any]
Broken = Callable[[list[Reading]], set[str]]

CAPACITY_CHECKS = (
    "capacity_readings_hold_every_number",
    "capacity_readings_quote_their_cell",
    "capacity_readings_are_used",
)
_SEED = DBT_PROJECT_DIR / "seeds" / "plant_capacity_readings.csv"
_TYPES = {"figure_position": int, "amount_low": float, "amount_high": float, "year": int}


@dataclass(frozen=True)
class Compiled:
    """A model or data test as dbt compiles it; a test has no relation, and rows it returns are failures."""

    relation: str | None
    sql: str


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Compiled]:
    """Every model and data test by name, on the catalogue ``ree``."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    folder = tmp_path_factory.mktemp("compiled")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REE_DUCKDB_PATH", str(folder / "ree.duckdb"))
        patch.setenv("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")
        arguments = ["compile", "--select", "resource_type:model", "test_type:data"]
        arguments += ["--quiet", "--no-version-check"]
        arguments += ["--project-dir", str(DBT_PROJECT_DIR), "--profiles-dir", str(DBT_PROJECT_DIR)]
        arguments += ["--target-path", str(folder / "dbt"), "--log-path", str(folder / "logs")]
        outcome = dbtRunner().invoke(arguments)
        DuckDBConnectionManager.close_all_connections()
    assert outcome.success, outcome.exception
    return {r.node.name: Compiled(r.node.relation_name, r.node.compiled_code) for r in outcome.result}


@pytest.fixture(scope="session")
def compiled_tests(compiled: dict[str, Compiled]) -> dict[str, str]:
    """SQL of every data test by name."""
    return {name: node.sql for name, node in compiled.items() if node.relation is None}


@pytest.fixture(scope="session")
def shipped_readings() -> list[Reading]:
    """The reviewed readings of the shipped table, typed."""
    with _SEED.open(encoding="utf-8", newline="") as file:
        return [
            {name: _TYPES.get(name, str)(value) if value else None for name, value in row.items()}
            for row in csv.DictReader(file)
        ]


@pytest.fixture(scope="session")
def broken_checks(compiled_tests: dict[str, str], shipped_readings: list[Reading]) -> Broken:
    """Tell which of ``CAPACITY_CHECKS`` fail on some readings; the cells are those of the shipped ones."""
    connection = duckdb.connect()
    connection.execute("attach ':memory:' as ree")
    connection.execute("create schema ree.staging")
    connection.execute("create schema ree.intermediate")
    columns = ", ".join(
        f"{name} {({int: 'integer', float: 'double'}).get(_TYPES.get(name, str), 'varchar')}"
        for name in shipped_readings[0]
    )
    connection.execute(f"create table ree.staging.plant_capacity_readings ({columns})")
    connection.execute(
        "create table ree.intermediate.int_plant_capacity_cells"
        "(plant_id varchar, measure varchar, cell_text varchar)"
    )
    cells = {(reading["measure"], reading["cell_text"]) for reading in shipped_readings}
    connection.executemany(
        "insert into ree.intermediate.int_plant_capacity_cells values ('p', ?, ?)", sorted(cells)
    )

    def broken(readings: list[Reading]) -> set[str]:
        connection.execute("delete from ree.staging.plant_capacity_readings")
        marks = ", ".join("?" for _ in shipped_readings[0])
        connection.executemany(
            f"insert into ree.staging.plant_capacity_readings values ({marks})",
            [[reading.get(name) for name in shipped_readings[0]] for reading in readings],
        )
        return {name for name in CAPACITY_CHECKS if connection.execute(compiled_tests[name]).fetchone()}

    return broken
