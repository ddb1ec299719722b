"""The published file as tools see it that speak SQLAlchemy: tables, comments, keys, queries."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd
import pytest
import sqlalchemy as sa

from warehouse.build.run import BuildSummary
from warehouse.file.catalogue import read_relations, read_tables, row_count


@pytest.fixture(scope="module")
def engine(built: BuildSummary, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    # A process opens a file in one way only, and the tests have it open already.
    file = tmp_path_factory.mktemp("connections") / built.output.name
    shutil.copyfile(built.output, file)
    engine = sa.create_engine(f"duckdb:///{file}?access_mode=read_only")
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def reflected(engine: sa.Engine) -> sa.MetaData:
    metadata = sa.MetaData(schema="marts")
    metadata.reflect(engine)
    return metadata


def test_every_mart_is_reflected(reflected: sa.MetaData, warehouse: duckdb.DuckDBPyConnection) -> None:
    expected = {table.full_name: table for table in read_tables(warehouse, ["marts"])}

    assert set(reflected.tables) == set(expected)
    for name, table in expected.items():
        columns = reflected.tables[name].columns
        assert [column.name for column in columns] == table.column_names
        assert [column.nullable for column in columns] == [column.is_nullable for column in table.columns]


def test_comments_and_keys_are_reflected(
    reflected: sa.MetaData, warehouse: duckdb.DuckDBPyConnection
) -> None:
    references = 0
    for table in read_tables(warehouse, ["marts"]):
        found = reflected.tables[table.full_name]
        assert found.comment == table.description
        assert [column.comment for column in found.columns] == [c.description for c in table.columns]
        assert tuple(column.name for column in found.primary_key) == table.primary_key
        keys = {
            (tuple(key.column_keys), key.referred_table.fullname, tuple(e.column.name for e in key.elements))
            for key in found.foreign_key_constraints
        }
        assert keys == {(key.columns, f"marts.{key.table}", key.referenced) for key in table.foreign_keys}
        references += len(keys)
    assert references > 30


@pytest.mark.parametrize(
    ("table", "column", "kind"),
    [
        ("dim_projects", "project_id", sa.String),
        ("dim_projects", "project_number", sa.Integer),
        ("dim_projects", "grade_treo_wt_pct", sa.Float),
        ("dim_projects", "has_full_composition", sa.Boolean),
        ("dim_model_runs", "trained_at", sa.DateTime),
        ("dim_sites", "projects", sa.BigInteger),
    ],
)
def test_types_are_reflected(reflected: sa.MetaData, table: str, column: str, kind: type) -> None:
    assert isinstance(reflected.tables[f"marts.{table}"].columns[column].type, kind)


def test_a_join_made_of_reflected_tables_reads_into_pandas(engine: sa.Engine, reflected: sa.MetaData) -> None:
    projects, types = reflected.tables["marts.dim_projects"], reflected.tables["marts.dim_deposit_types"]
    query = (
        sa.select(projects.c.project_name, types.c.deposit_family, projects.c.grade_treo_wt_pct)
        .join_from(projects, types)  # by the foreign key that was reflected
        .order_by(projects.c.project_number)
    )
    frame = pd.read_sql(query, engine)

    assert list(frame.columns) == ["project_name", "deposit_family", "grade_treo_wt_pct"]
    assert frame.iloc[0].tolist() == ["Mount Weld", "carbonatite", frame["grade_treo_wt_pct"][0]]
    assert frame["grade_treo_wt_pct"].dtype == float
    assert 5 < frame["grade_treo_wt_pct"][0] < 15


def test_read_sql_gives_what_the_engine_gives(
    engine: sa.Engine, warehouse: duckdb.DuckDBPyConnection
) -> None:
    sql = """
        select l.country_name, count(*) as projects, avg(b.best_pct) as dy2o3_pct
        from marts.composition_best as b
        join marts.dim_projects as p using (project_id)
        join marts.dim_locations as l using (location_id)
        where b.oxide = {} group by 1 order by 1
    """
    frame = pd.read_sql(sa.text(sql.format(":oxide")), engine, params={"oxide": "Dy2O3"})
    expected = warehouse.execute(sql.format("'Dy2O3'")).df()

    pd.testing.assert_frame_equal(frame, expected, check_dtype=False)
    assert frame["projects"].sum() == 146


def test_the_connection_cannot_write(engine: sa.Engine) -> None:
    with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError, match="read-only"):
        connection.execute(sa.text("delete from marts.dim_projects"))


@pytest.mark.parametrize("name", ["ree-2026-11.duckdb", "marts.duckdb", "Über uns.duckdb"])
def test_every_relation_is_read_from_a_file_of_another_name(
    name: str, built: BuildSummary, warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    relations = read_relations(warehouse)
    shutil.copyfile(built.output, tmp_path / name)

    with duckdb.connect() as connection:
        connection.execute(f"attach '{tmp_path / name}' as elsewhere (read_only)")
        connection.execute("use elsewhere")
        assert read_relations(connection) == relations
        for relation in relations:
            assert row_count(connection, relation) == row_count(warehouse, relation)

    assert len({relation.schema for relation in relations}) == 8
