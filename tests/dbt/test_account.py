"""The account of the cells goes red whatever breaks between raw and the marts, and names the cell."""

from __future__ import annotations

import csv
import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
import yaml

from tests.dbt.conftest import Copy
from tests.shared_build import SilentReporter
from warehouse.build.gates.account import lost_cells
from warehouse.build.load import load_sources
from warehouse.build.run import BuildRequest, _Build
from warehouse.build.transform import TransformResult
from warehouse.errors import GateFailedError
from warehouse.paths import DBT_PROJECT_DIR, SOURCES_DIR
from warehouse.sources.contract import load_packages
from warehouse.sources.read import read_sources

pytestmark = pytest.mark.slow("each way to lose a cell turns the account red and is named")

ACCOUNT = (
    "int_account_records",
    "int_raw_cells",
    "int_mart_cells",
    "int_mart_keys",
    "int_mart_pieces",
    "int_mart_figures",
    "int_mart_values",
    "int_printed_figures",
    "int_readings_of_places",
    "int_readings_of_companies",
    "int_readings_of_stages",
    "int_readings_of_statistics",
    "int_cell_readings",
    "int_expected_values",
    "cell_fates",
    "cell_changes",
    "cell_accounting",
)
TESTS = (
    "no_cell_is_lost",
    "every_change_has_a_rule",
    "new_values_are_those_of_the_marts",
    "cells_add_up_cell_accounting_",
)
CELLS = "base_liu_2023__project_cells"
PROJECTS = "stg_liu_2023__projects"


def draw_up(copy: Copy) -> set[str]:
    """Draw up the account again and tell which of its tests fail."""
    copy.make(*ACCOUNT)
    return copy.broken(*TESTS)


@dataclass(frozen=True)
class Damage:
    """Something that may break between raw and the marts.

    Attributes:
        lost: What the account says of the first cell that is lost by it.
        cells: How many cells are.
        sql: Statement that does the damage, if a row or table is damaged.
        model: Model that is written wrongly, if one is.
        wrong: What it yields instead; {} is what it should.
        then: Models that are made again from it, in order.
    """

    lost: str
    cells: int
    sql: str = ""
    model: str = ""
    wrong: str = ""
    then: tuple[str, ...] = ()

    def happen(self, copy: Copy) -> None:
        if self.sql:
            copy.connection.execute(self.sql)
        if self.model:
            copy.become(self.model, self.wrong)
        copy.make(*self.then)


DAMAGES = {
    "a wrong factor in staging": Damage(
        model=PROJECTS,
        wrong="select * replace (resource_treo_t / 10 as resource_treo_t) from {}",
        then=("dim_projects",),
        lost="liu_2023 projects, row 1, column resource_10kt_reo: '300' should be 3000000.0 in "
        "marts.dim_projects.resource_treo_t, which holds 300000.0.",
        cells=79,
    ),
    "a wrong unit of capacities": Damage(
        sql="update staging.capacity_units set tonnes_per_unit = 100 where unit_text = 'kt'",
        then=("int_plant_capacity_figures", "fct_plant_capacities"),
        lost="liu_2023 plants, row 2, column capacity: '~20kt' should be 20000.0 in "
        "marts.fct_plant_capacities.amount_high_t, which holds 2000.0.",
        cells=1,
    ),
    "a dropped column": Damage(
        model=CELLS,
        wrong="select * from {} where column_name <> 'grade_wt_pct'",
        then=("dim_projects",),
        lost="liu_2023 projects, row 1, column grade_wt_pct: '5,4' should be 5.4 in "
        "marts.dim_projects.grade_treo_wt_pct, which holds nothing.",
        # The number and the printed text beside it.
        cells=2 * 77,
    ),
    "a swapped pair of columns": Damage(
        model=PROJECTS,
        wrong="select * replace (hree_reported_pct as grade_treo_wt_pct, "
        "grade_treo_wt_pct as hree_reported_pct) from {}",
        then=("dim_projects",),
        lost="liu_2023 projects, row 1, column grade_wt_pct: '5,4' should be 5.4 in "
        "marts.dim_projects.grade_treo_wt_pct, which holds 3.970065956.",
        cells=162,
    ),
    "a swapped pair of citations": Damage(
        model=PROJECTS,
        wrong="select * replace (status_references as resource_references, "
        "resource_references as status_references) from {}",
        then=("dim_projects",),
        lost="row 1, column resource_references: 'lynas_exploration_presentation_2022' should be",
        cells=192,
    ),
    "a mapping that blanks a type": Damage(
        sql="update staging.deposit_type_spellings set deposit_type_id = null "
        "where deposit_type_text = 'Placer'",
        then=("bridge_project_deposit_types",),
        lost="row 3, column deposit_type: 'Placer' is printed, but "
        "marts.bridge_project_deposit_types.deposit_type_id and its mapping are blank.",
        cells=14,
    ),
    "a mapping that blanks a country": Damage(
        sql="update staging.location_mappings set country_iso2 = null "
        "where location_text = 'Mount Weld, Australia'",
        then=("dim_locations",),
        lost="row 1, column location: 'Mount Weld, Australia' should be blank",
        cells=3,
    ),
    "a rule that takes a text for missing": Damage(
        model=CELLS,
        wrong="select * replace (nullif(clean_text, 'N') as clean_text) from {}",
        then=("int_project_statuses", "fct_project_statuses"),
        lost="column status_2022: 'N' should be N in marts.fct_project_statuses.stage_code, "
        "which holds nothing.",
        cells=15,
    ),
    "a correction shown as published": Damage(
        sql="update marts.dim_projects set status_as_published = '3(2022)' where project_number = 19",
        lost="row 19, column status_2022: 'C(2022)' should be C(2022) in "
        "marts.dim_projects.status_as_published, which holds 3(2022).",
        cells=1,
    ),
    "a correction not applied": Damage(
        sql="update marts.dim_projects set project_name = 'Lofda' where project_number = 20",
        lost="row 20, column project: 'Lofda' should be Lofdal",
        cells=1,
    ),
    "a stage left out": Damage(
        sql="delete from marts.fct_project_statuses where project_id = 'liu2023-p008' and stage_position = 2",
        lost="row 8, column status_2022: '1, 3(2021), 4(2022)' should be 1,3(2021),4(2022?) in "
        "marts.fct_project_statuses.stage_code, which holds 1,4(2022?).",
        cells=1,
    ),
    "a plan of the table year taken for reached": Damage(
        model="int_plant_statuses",
        wrong="select * replace (is_expected and coalesce(effective_year, 0) <> 2022 as is_expected) from {}",
        then=("fct_plant_statuses",),
        lost="liu_2023 plants, row 13, column status_2022: 'P, 1(2022)' should be P,1(2022?) in "
        "marts.fct_plant_statuses.stage_code, which holds P,1(2022).",
        cells=3,
    ),
    "a supply reference left out": Damage(
        sql="delete from marts.bridge_supply_references "
        "where plant_id = 'liu2023-f58' and reference_position = 1",
        lost="row 58, column upstream: 'Kukisvumchorr, Yuksporskoe' should be KukisvumchorrYuksporskoe",
        cells=1,
    ),
    "a joint holder left out": Damage(
        sql="delete from marts.bridge_project_companies where project_id = 'liu2023-p031' "
        "and holder_position = 2",
        lost="row 31, column company",
        cells=1,
    ),
    "a row left out": Damage(
        sql="delete from marts.dim_projects where project_number = 4",
        lost="row 4, column deposit_type",
        cells=14,
    ),
    "a label left out": Damage(
        sql="delete from marts.fct_project_minerals where project_id = 'liu2023-p001' and rank = 2",
        lost="mineralogy project_minerals, row liu2023-p001 2, column",
        cells=11,
    ),
    "statistics in thousands of tonnes": Damage(
        sql="update staging.usgs_mcs_units set tonnes_per_unit = 1000",
        then=("fct_production", "fct_reserves"),
        lost="usgs_mcs reserves, row MCS2023 Australia, column reserves_as_published: '4200000' should be "
        "4200000.0 in marts.fct_reserves.reserves_treo_t, which holds 4200000000.0.",
        cells=161,
    ),
    "not available read as zero": Damage(
        model="stg_usgs_mcs__reserves",
        wrong="select * replace (coalesce(printed_number, 0) as printed_number) from {}",
        then=("fct_reserves",),
        lost="usgs_mcs reserves, row MCS2023 Burma, column reserves_as_published: 'NA' should be blank in "
        "marts.fct_reserves.reserves_treo_t, which holds 0.0.",
        cells=12,
    ),
    "the thousands of a comma lost": Damage(
        model="stg_usgs_mcs__prices",
        wrong="select * replace (cast(split_part(price_as_published, ',', 1) as double) as printed_number) "
        "from {}",
        then=("fct_prices",),
        lost="usgs_mcs prices, row MCS2025 Terbium oxide, 99.99% minimum 2021, column price_as_published: "
        "'1,346' should be 1346.0 in marts.fct_prices.price_usd_per_kg, which holds 1.0.",
        cells=3,
    ),
    "only the latest release kept": Damage(
        model="fct_prices",
        wrong="from {} where is_latest_release",
        lost="usgs_mcs prices, row MCS2022 Price_CeO2_dkg 2018, column price_as_published: '2' should be",
        cells=460,
    ),
    "an unknown weight of trade taken as zero": Damage(
        model="stg_comtrade__flows",
        wrong="select * replace (coalesce(net_weight_kg, 0) as net_weight_kg) from {}",
        then=("fct_trade",),
        lost="comtrade flows, row cmm-data-99a987b1 842 0 M 2846 2020, column net_weight_kg: '0.0' should be "
        "blank in marts.fct_trade.net_weight_kg, which holds 0.0.",
        cells=2,
    ),
    "trade in thousands of dollars": Damage(
        sql="update marts.fct_trade set trade_value_usd = trade_value_usd / 1000 where reporter_code = '842'",
        lost="comtrade flows, row cmm-data-99a987b1 842 0 M 280530 2020, column trade_value_usd: '8978071.0' "
        "should be 8978071.0 in marts.fct_trade.trade_value_usd, which holds 8978.071.",
        cells=40,
    ),
    "a value from nowhere": Damage(
        sql="update marts.dim_projects set grade_treo_wt_pct = 3.5 where project_number = 4",
        lost="row 4, column grade_wt_pct: '' should be blank in marts.dim_projects.grade_treo_wt_pct, "
        "which holds 3.5.",
        cells=1,
    ),
    "a new column without a destination": Damage(
        sql="alter table raw.liu_2023__plants add column energy varchar default '5 MW'",
        lost="liu_2023 plants, row 1, column energy: '5 MW' has no destination",
        cells=67,
    ),
}


def test_the_honest_file_holds(copy: Copy) -> None:
    before = copy.connection.execute("from quality.cell_fates order by all").fetchall()

    assert draw_up(copy) == set()
    assert lost_cells(copy.connection) == []
    assert len(before) > 9000
    assert copy.connection.execute("from quality.cell_fates order by all").fetchall() == before


@pytest.mark.parametrize("what", DAMAGES)
def test_what_breaks_on_the_way_is_named(copy: Copy, what: str) -> None:
    damage = DAMAGES[what]
    damage.happen(copy)

    assert {"no_cell_is_lost", "cells_add_up_cell_accounting_"} <= draw_up(copy)
    lost = [
        loss
        for (loss,) in copy.connection.execute(
            "select loss from quality.cell_fates where fate = 'lost' order by all"
        ).fetchall()
    ]
    assert any(damage.lost in loss for loss in lost), lost[:5]
    assert len(lost) == damage.cells


def test_the_first_cells_are_named_and_the_rest_counted(copy: Copy) -> None:
    DAMAGES["a wrong factor in staging"].happen(copy)
    draw_up(copy)

    sentences = lost_cells(copy.connection)

    assert len(sentences) == 11
    assert "The cell liu_2023 projects, row 1, column resource_10kt_reo: '300' should be" in sentences[0]
    assert sentences[-1] == "69 more cells are lost; quality.cell_fates names each."
    assert lost_cells(duckdb.connect()) == []


def test_a_build_that_stops_in_the_transform_says_which_cells_are_lost(
    copy: Copy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    DAMAGES["a correction not applied"].happen(copy)
    draw_up(copy)
    work = _Build(BuildRequest(output=tmp_path / "ree.duckdb"), tmp_path, SilentReporter())
    with duckdb.connect(str(work.database)) as connection:
        connection.execute("create schema quality")
        rows = copy.connection.execute("from quality.cell_fates").to_arrow_table()
        connection.register("rows", rows)
        connection.execute("create table quality.cell_fates as from rows")

    def stop(*_: object, **__: object) -> TransformResult:
        raise GateFailedError("transform", ["tests/no_cell_is_lost.sql: 1 row."])

    monkeypatch.setattr("warehouse.build.transform.Dbt.build", stop)
    with pytest.raises(GateFailedError) as stopped:
        work.transform_predictions()

    assert stopped.value.sentences == [
        "The cell liu_2023 projects, row 20, column project: 'Lofda' should be Lofdal in "
        "marts.dim_projects.project_name, which holds Lofda.",
        "tests/no_cell_is_lost.sql: 1 row.",
    ]


def test_a_row_without_one_delimiter_is_in_the_account(copy: Copy, tmp_path: Path) -> None:
    shutil.copytree(SOURCES_DIR, tmp_path / "sources")
    file = tmp_path / "sources" / "liu_2023" / "projects.csv"
    text = file.read_text(encoding="utf-8")
    assert "\n2,2,MP Materials," in text
    file.write_text(text.replace("\n2,2,MP Materials,", "\n2,2 MP Materials,"), encoding="utf-8")
    load_sources(copy.connection, read_sources(tmp_path / "sources"))
    copy.connection.execute("delete from marts.dim_projects where project_number = 2")
    copy.connection.execute("delete from marts.fct_project_minerals where project_id = 'liu2023-p002'")

    broken = draw_up(copy)
    counts = copy.connection.execute(
        "select distinct cells, cells_in_rejected_rows, cells_published + cells_blank "
        "from quality.cell_accounting where table_name = 'projects'"
    ).fetchall()

    assert counts == [(146, 1, 145)]
    assert copy.connection.execute(
        "select rows_in_file, rows_loaded, rows_rejected from meta.source_files "
        "where table_name = 'liu_2023__projects'"
    ).fetchall() == [(146, 145, 1)]
    # The labels of the project are left out with it.
    assert broken == set()
    assert copy.connection.execute(
        "select distinct row_key, rule from quality.cell_changes where rule like 'row_of%' order by all"
    ).fetchall() == [(f"liu2023-p002 {rank}", "row_of_unknown_project_id") for rank in (1, 2, 3)]


def test_a_row_that_is_in_the_file_alone_is_missed(copy: Copy) -> None:
    copy.connection.execute(
        "update meta.source_files set rows_in_file = rows_in_file + 1 where table_name = 'liu_2023__plants'"
    )

    assert draw_up(copy) == {"cells_add_up_cell_accounting_"}


def destinations() -> list[dict[str, str]]:
    with (DBT_PROJECT_DIR / "seeds" / "cell_destinations.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_column_of_every_source_has_a_destination_or_its_table_a_reason() -> None:
    followed = {(d["source"], d["table_name"], d["column_name"]) for d in destinations() if d["mart"]}
    left_out = {
        (d["source"], d["table_name"]) for d in destinations() if d["comparison"] == "none" and d["note"]
    }
    resources = [
        (package, resource) for package in load_packages(SOURCES_DIR) for resource in package.resources
    ]

    assert len(resources) > 8
    for package, resource in resources:
        columns = {(package.name, resource.name, name) for name in resource.table.names}
        assert columns <= followed or (package.name, resource.name) in left_out, resource.name


def test_every_published_text_of_a_mart_is_compared_with_the_printed_cell() -> None:
    compared = {(d["mart"], d["mart_column"]) for d in destinations() if d["comparison"].endswith("copy")}
    # The words of a cell that name a mineral; plant_minerals_match_their_cells looks for them in it.
    compared.add(("fct_plant_minerals", "text_as_published"))
    texts = {
        (model["name"], column["name"])
        for file in (DBT_PROJECT_DIR / "models" / "marts").glob("*.yml")
        for model in yaml.safe_load(file.read_text(encoding="utf-8")).get("models", ())
        for column in model["columns"]
        if column["name"].endswith("as_published")
    }

    assert len(texts) > 15
    assert texts == compared
