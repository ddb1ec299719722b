"""dbt's models and tests as it compiles them, on databases in memory."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from warehouse.build.run import BuildSummary
from warehouse.build.transform import Dbt
from warehouse.paths import DBT_PROJECT_DIR

Reading = dict[str, Any]
Broken = Callable[[list[Reading]], set[str]]

VIEWS = (
    "stg_liu_2023__corrections",
    "base_liu_2023__project_cells",
    "base_liu_2023__plant_cells",
    "stg_liu_2023__projects",
    "stg_liu_2023__plants",
)
CAPACITY_CHECKS = (
    "capacity_readings_hold_every_number",
    "capacity_readings_quote_their_cell",
    "capacity_readings_are_used",
)
PLAIN = ("not_null", "unique", "accepted_values", "relationships", "unique_combination")
"""Tests declared a thousand times that no test here asks for; compiling them takes longer than all others."""
_SEED = DBT_PROJECT_DIR / "seeds" / "plant_capacity_readings.csv"
_TYPES = {"figure_position": int, "amount_low": float, "amount_high": float, "year": int}


@dataclass(frozen=True)
class Compiled:
    """A model or data test as dbt compiles it; a test has no relation, and rows it returns are failures."""

    relation: str | None
    sql: str


@dataclass
class Copy:
    """The built file once more, in memory and without keys, as a database in which things may break."""

    connection: duckdb.DuckDBPyConnection
    compiled: dict[str, Compiled]

    def become(self, model: str, sql: str) -> None:
        """Put what ``sql`` yields in the place of a model; {} in it is the model as it should be."""
        kind = "view" if model in VIEWS else "table"
        node = self.compiled[model]
        self.connection.execute(f"create or replace {kind} {node.relation} as {sql.format(f'({node.sql})')}")

    def make(self, *models: str) -> None:
        """Make models again from what they read now."""
        for model in models:
            self.become(model, "from {}")

    def broken(self, *tests: str) -> set[str]:
        """Tell which of some data tests fail now."""
        return {name for name in tests if self.connection.execute(self.compiled[name].sql).fetchone()}


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Compiled]:
    """Every model by name, on the catalogue ``ree``, and every data test that a test here can ask for.

    Tests of the kinds in ``PLAIN`` are compiled where a file beside this one names them.
    """
    folder = tmp_path_factory.mktemp("compiled")
    dbt = Dbt(folder / "ree.duckdb", folder)
    nodes = dbt._manifest().nodes.values()
    kinds = {node.test_metadata.name for node in nodes if hasattr(node, "test_metadata")} - set(PLAIN)
    wanted = ["resource_type:model", "test_type:singular", *(f"test_name:{kind}" for kind in sorted(kinds))]
    here = "".join(file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("*.py"))
    wanted += sorted(set(re.findall(rf"\b(?:{'|'.join(PLAIN)})_\w+", here)) & {node.name for node in nodes})
    results = dbt._invoke(["compile", "--select", *wanted]).result
    return {r.node.name: Compiled(r.node.relation_name, r.node.compiled_code) for r in results}


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


@pytest.fixture(scope="module")
def shared_copy(built: BuildSummary, compiled: dict[str, Compiled]) -> Copy:
    connection = duckdb.connect()
    connection.execute("attach ':memory:' as ree")
    connection.execute(f"attach '{built.output}' as published (read_only)")
    tables = connection.execute(
        "select schema_name, table_name, estimated_size > 200000 from duckdb_tables() "
        "where database_name = 'published'"
    ).fetchall()
    for schema, table, is_large in tables:
        # Draws are only read here; copying them takes longer than all the rest.
        kind = "view" if is_large else "table"
        connection.execute(f"create schema if not exists ree.{schema}")
        connection.execute(f'create {kind} ree.{schema}."{table}" as from published.{schema}."{table}"')
    connection.execute("use ree")
    copy = Copy(connection, compiled)
    # As views they show at once what breaks in the models that they read.
    for model in VIEWS:
        connection.execute(f"drop table {compiled[model].relation}")
    copy.make(*VIEWS)
    return copy


@pytest.fixture
def copy(shared_copy: Copy) -> Iterator[Copy]:
    shared_copy.connection.execute("begin")
    yield shared_copy
    shared_copy.connection.execute("rollback")
