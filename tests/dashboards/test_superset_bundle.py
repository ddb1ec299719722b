"""The Superset bundle fits the published file: columns, types, metrics, charts, layout, filters."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from tests.terminal import ree
from warehouse.build.run import BuildSummary
from warehouse.columns import unit_by_name
from warehouse.errors import ReeError
from warehouse.export.superset import DATASETS as DATASET_FOLDER
from warehouse.export.superset import dataset_of, described_tables, left_out, pack
from warehouse.paths import PROJECT_ROOT

SUPERSET = PROJECT_ROOT / "dashboards" / "superset"
BUNDLE = SUPERSET / "bundle"
GRID_COLUMNS = 12
"""Width of a row in Superset's grid."""


def _read(pattern: str) -> list[dict[str, Any]]:
    return [yaml.safe_load(file.read_text(encoding="utf-8")) for file in sorted(BUNDLE.glob(pattern))]


DATASETS = _read("datasets/*/*.yaml")
CHARTS = _read("charts/*.yaml")
(DASHBOARD,) = _read("dashboards/*.yaml")
(DATABASE,) = _read("databases/*.yaml")
BY_UUID = {dataset["uuid"]: dataset for dataset in DATASETS}
each_dataset = pytest.mark.parametrize("dataset", DATASETS, ids=lambda row: row["table_name"])
each_chart = pytest.mark.parametrize("chart", CHARTS, ids=lambda row: row["slice_name"])


def _columns(dataset: dict[str, Any]) -> set[str]:
    return {column["column_name"] for column in dataset["columns"]}


def _query(chart: dict[str, Any]) -> dict[str, Any]:
    (query,) = json.loads(chart["query_context"])["queries"]
    return query


@each_dataset
def test_columns_are_those_of_the_file_with_their_types(
    dataset: dict[str, Any], warehouse: duckdb.DuckDBPyConnection
) -> None:
    described = warehouse.execute(f"describe {dataset['sql']}").fetchall()
    declared = [(column["column_name"], column["type"]) for column in dataset["columns"]]
    assert declared == [(name, kind) for name, kind, *_ in described]
    assert all(column["verbose_name"] for column in dataset["columns"])


@each_dataset
def test_rows_stand_once_as_the_description_says(
    dataset: dict[str, Any], warehouse: duckdb.DuckDBPyConnection
) -> None:
    sql = dataset["sql"]
    (total,) = warehouse.execute(f"select count(*) from ({sql})").fetchone()
    (distinct,) = warehouse.execute(f"select count(*) from (select distinct * from ({sql}))").fetchone()
    assert total == distinct > 0


@each_dataset
def test_a_unit_is_that_of_the_column(dataset: dict[str, Any]) -> None:
    for column in dataset["columns"]:
        unit = unit_by_name(column["column_name"])
        if unit is not None and unit.unit != "count":
            assert column["verbose_name"].endswith(f", {unit.symbol}"), column["verbose_name"]


@each_dataset
def test_metrics_give_a_number(dataset: dict[str, Any], warehouse: duckdb.DuckDBPyConnection) -> None:
    assert dataset["metrics"]
    for metric in dataset["metrics"]:
        (value,) = warehouse.execute(f"select {metric['expression']} from ({dataset['sql']})").fetchone()
        assert value > 0, metric["metric_name"]


def test_projects_are_not_multiplied_by_the_joins(warehouse: duckdb.DuckDBPyConnection) -> None:
    sql = {dataset["table_name"]: dataset["sql"] for dataset in DATASETS}
    for name, mart in (("ree_projects", "dim_projects"), ("ree_plant_stages", "fct_plant_statuses")):
        (rows,) = warehouse.execute(f"select count(*) from ({sql[name]})").fetchone()
        assert (rows,) == warehouse.execute(f"select count(*) from marts.{mart}").fetchone()
    (ndpr_t,) = warehouse.execute(f"select sum(ndpr_t) from ({sql['ree_ndpr_in_ground']})").fetchone()
    (whole_t,) = warehouse.execute(
        "select sum(resource_treo_t * ndpr_pct / 100) from marts.dim_projects "
        "inner join marts.composition_best_wide using (project_id) where share_basis <> 'other'"
    ).fetchone()
    assert ndpr_t == pytest.approx(whole_t)


@each_chart
def test_a_chart_asks_its_dataset_for_what_it_has(chart: dict[str, Any]) -> None:
    dataset, query, params = BY_UUID[chart["dataset_uuid"]], _query(chart), chart["params"]
    metrics = {metric["metric_name"] for metric in dataset["metrics"]}
    assert query["columns"] or query["metrics"]
    assert set(query["columns"]) <= _columns(dataset)
    assert set(query["metrics"]) <= metrics
    assert {name for name, _ in query["orderby"]} <= _columns(dataset) | metrics
    assert {row["col"] for row in query["filters"]} <= _columns(dataset)
    assert chart["viz_type"] == params["viz_type"]


@each_chart
def test_the_saved_query_is_the_one_that_is_drawn(chart: dict[str, Any]) -> None:
    query, params = _query(chart), chart["params"]
    drawn = [params[key] for key in ("x_axis", "entity") if key in params]
    drawn += [
        name
        for key in ("groupby", "groupbyRows", "groupbyColumns", "all_columns")
        for name in params.get(key, [])
    ]
    assert query["columns"] == drawn
    assert query["metrics"] == params.get("metrics", [params["metric"]] if "metric" in params else [])
    asked = [(row["col"], row["op"], row.get("val")) for row in query["filters"]]
    assert asked == [
        (row["subject"], row["operator"], row.get("comparator")) for row in params["adhoc_filters"]
    ]


@each_chart
def test_a_chart_says_what_it_shows(chart: dict[str, Any]) -> None:
    assert chart["description"]
    if chart["viz_type"] in ("echarts_timeseries_bar", "echarts_timeseries_line"):
        assert chart["params"]["x_axis_title"]
        assert chart["params"]["y_axis_title"].endswith(("(count)", "(t)", "(% of TREO)", "(US$ per kg)"))


def test_every_chart_is_on_the_dashboard_once() -> None:
    parts = [part for part in DASHBOARD["position"].values() if isinstance(part, dict)]
    placed = [(part["meta"]["uuid"], part["meta"]["sliceName"]) for part in parts if part["type"] == "CHART"]
    assert sorted(placed) == sorted((chart["uuid"], chart["slice_name"]) for chart in CHARTS)
    ids = [part["meta"]["chartId"] for part in parts if part["type"] == "CHART"]
    assert len(set(ids)) == len(ids) >= 8


def test_the_layout_holds_together() -> None:
    position = DASHBOARD["position"]
    for name, part in position.items():
        if not isinstance(part, dict):
            continue
        assert part["id"] == name
        for child in part.get("children", []):
            assert position[child]["parents"][-1] == name
        if part["type"] == "ROW":
            assert sum(position[child]["meta"]["width"] for child in part["children"]) <= GRID_COLUMNS


def test_filters_reach_the_charts_that_have_their_column() -> None:
    parts = [part for part in DASHBOARD["position"].values() if isinstance(part, dict)]
    ids = {part["meta"]["uuid"]: part["meta"]["chartId"] for part in parts if part["type"] == "CHART"}
    filters = DASHBOARD["metadata"]["native_filter_configuration"]
    assert {row["name"] for row in filters} == {"Continent", "Deposit family"}
    for row in filters:
        (target,) = row["targets"]
        column = target["column"]["name"]
        assert column in _columns(BY_UUID[target["datasetUuid"]])
        without = {
            ids[chart["uuid"]] for chart in CHARTS if column not in _columns(BY_UUID[chart["dataset_uuid"]])
        }
        assert set(row["scope"]["excluded"]) == without


def test_ids_are_unique_and_belong_together() -> None:
    uuids = [row["uuid"] for row in (*DATASETS, *CHARTS, DASHBOARD, DATABASE)]
    assert len(set(uuids)) == len(uuids)
    assert {dataset["database_uuid"] for dataset in DATASETS} == {DATABASE["uuid"]}
    assert {chart["dataset_uuid"] for chart in CHARTS} == set(BY_UUID)


def test_the_database_is_opened_read_only() -> None:
    assert DATABASE["extra"]["engine_params"]["connect_args"] == {"read_only": True}
    assert not any(DATABASE[key] for key in ("allow_dml", "allow_ctas", "allow_cvas", "allow_csv_upload"))


def test_packing_points_the_bundle_at_the_file(built: BuildSummary, tmp_path: Path) -> None:
    archive = tmp_path / "new" / "ree.zip"
    archive.parent.mkdir()
    done = ree("superset-bundle", "--file", str(built.output), "-o", str(archive))
    assert (done.returncode, done.stdout.strip()) == (0, str(archive))
    with zipfile.ZipFile(archive) as packed:
        names = {name.removeprefix("ree_warehouse/") for name in packed.namelist()}
        database = yaml.safe_load(packed.read("ree_warehouse/databases/REE_warehouse.yaml"))
    own = {file.relative_to(BUNDLE).as_posix() for file in BUNDLE.rglob("*.yaml")}
    tables = {f"{DATASET_FOLDER}/{table.full_name}.yaml" for table in described_tables(built.output)}
    assert names == own | tables
    assert database == DATABASE | {"sqlalchemy_uri": f"duckdb:///{built.output.resolve()}"}
    assert [file.name for file in archive.parent.iterdir()] == ["ree.zip"]


def test_packing_takes_the_path_on_the_server_as_it_is(built: BuildSummary, tmp_path: Path) -> None:
    archive = tmp_path / "ree.zip"
    pack(built.output, archive, Path("/data/ree.duckdb"))
    with zipfile.ZipFile(archive) as packed:
        assert b"duckdb:////data/ree.duckdb" in packed.read("ree_warehouse/databases/REE_warehouse.yaml")


def test_every_table_is_a_data_set_or_left_out_for_a_reason(
    built: BuildSummary, warehouse: duckdb.DuckDBPyConnection
) -> None:
    tables = {
        f"{schema}.{name}"
        for schema, name in warehouse.execute(
            "select schema_name, table_name from duckdb_tables() where schema_name in ('marts', 'quality')"
        ).fetchall()
    }
    described = {table.full_name for table in described_tables(built.output)}
    assert described | set(left_out()) == tables
    assert not described & set(left_out())
    assert all(reason.endswith(".") and len(reason) > 30 for reason in left_out().values())


def test_a_table_is_described_in_the_words_of_the_file(
    built: BuildSummary, warehouse: duckdb.DuckDBPyConnection
) -> None:
    datasets = [dataset_of(table, DATABASE["uuid"]) for table in described_tables(built.output)]
    assert len({dataset["uuid"] for dataset in datasets} | set(BY_UUID)) == len(datasets) + len(BY_UUID)
    for dataset in datasets:
        place = f"{dataset['schema']}.{dataset['table_name']}"
        comments = warehouse.execute(
            "select column_name, data_type, comment from duckdb_columns() "
            "where schema_name || '.' || table_name = ? order by column_index",
            [place],
        ).fetchall()
        (comment,) = warehouse.execute(
            "select comment from duckdb_tables() where schema_name || '.' || table_name = ?", [place]
        ).fetchone()
        declared = [(c["column_name"], c["type"], c["description"]) for c in dataset["columns"]]
        assert (declared, dataset["description"]) == (comments, comment)
        counted = ", ".join(metric["expression"] for metric in dataset["metrics"])
        assert warehouse.execute(f"select {counted} from {place}").fetchone() is not None
    trade = next(dataset for dataset in datasets if dataset["table_name"] == "fct_trade")
    assert "Trade value usd, US$" in [column["verbose_name"] for column in trade["columns"]]


def test_packing_tells_what_is_wrong(tmp_path: Path) -> None:
    archive = tmp_path / "ree.zip"
    missing = ree("superset-bundle", "--file", "nowhere.duckdb", "-o", str(archive))
    assert missing.returncode == 1
    assert "nowhere.duckdb: there is no published file here; run `make build` first." in missing.stderr
    with pytest.raises(ReeError, match=r"data/ree.duckdb: this is not an absolute path"):
        pack(Path("ree.duckdb"), archive, Path("data/ree.duckdb"))
    assert not archive.exists()
