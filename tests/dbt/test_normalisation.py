"""What the normalised marts say of the published tables."""

from __future__ import annotations

import csv
import json
import shutil

import duckdb
import numpy as np
import pandas as pd
import pyrolite.geochem  # noqa: F401 - registers the `pyrochem` accessor
import pytest
from pyrolite.geochem.norm import get_reference_composition

import ml.training
from ml.models.league import league
from ml.settings import CHAMPION
from tests.shared_build import QUICK, SilentReporter
from warehouse.build.run import BuildRequest, BuildSummary, build
from warehouse.file.propose import propose
from warehouse.paths import SOURCES_DIR

PLAYERS = ("training_mean", "family_mean_shrunk", CHAMPION)
ELEMENTS = ["La", "Ce", "Pr", "Nd", "Sm", "Eu", "Gd", "Tb", "Dy", "Ho", "Er", "Tm", "Yb", "Lu"]


def one(warehouse: duckdb.DuckDBPyConnection, sql: str) -> tuple[object, ...]:
    row = warehouse.execute(sql).fetchone()
    assert row is not None
    return row


@pytest.mark.parametrize(
    ("record", "country", "admin1", "continent", "judgement"),
    [
        ("projects 4", "AUS", "Victoria", "Australia", "corrected"),
        ("projects 9", "USA", "Georgia", "North America", "override"),
        ("projects 22", "AUS", "Western Australia", "Australia", "override"),
        ("plants 59", "RUS", "Novgorod", "Europe", "override"),
        ("projects 6", "GRL", "Kujalleq", "North America", None),
        ("projects 90", "RUS", "Sakha", "Europe", None),
        ("projects 139", "TUR", None, "Asia", None),
        ("plants 2", "MYS", "Pahang", "Asia", "inferred"),
        ("plants 12", "GRL", "Kujalleq", "North America", "corrected"),
        ("plants 65", "CAN", "Newfoundland and Labrador", "North America", None),
        ("plants 28", "USA", None, "North America", "override"),
    ],
)
def test_places_that_were_printed_badly(
    warehouse: duckdb.DuckDBPyConnection,
    record: str,
    country: str,
    admin1: str | None,
    continent: str,
    judgement: str | None,
) -> None:
    table, number = record.split()
    row = warehouse.execute(
        f"select l.country_iso3, l.admin1_name, l.continent, l.mapping_judgement, l.mapping_reason "
        f"from marts.dim_{table} as r join marts.dim_locations as l using (location_id) "
        f"where r.{table[:-1]}_number = ?",
        [int(number)],
    ).fetchone()

    assert row is not None
    assert row[0] == country
    assert row[2] == continent
    assert admin1 is None or admin1 in row[1]
    assert judgement is None or row[3] == judgement
    assert row[4]


def test_every_project_has_a_country_and_every_difference_of_continent_is_flagged(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    sql = """
        select count(*) filter (country_iso3 is null),
            count(*) filter (continent <> continent_as_published and not is_continent_changed)
        from marts.dim_projects join marts.dim_locations using (location_id)
    """

    assert one(warehouse, sql) == (0, 0)
    changed = warehouse.execute(
        "select distinct country_name from marts.dim_locations where is_continent_changed order by 1"
    ).fetchall()
    assert changed == [("Greenland",), ("Russia",)]


def test_deposit_families(warehouse: duckdb.DuckDBPyConnection) -> None:
    unknown = one(
        warehouse,
        "select count(*) from marts.dim_projects join marts.dim_deposit_types using (deposit_type_id) "
        "where deposit_family = 'unknown' and deposit_type_as_published not in ('Unknown', '——')",
    )
    mixed = warehouse.execute(
        "select project_id, count(*) from marts.bridge_project_deposit_types group by 1 having count(*) > 1 "
        "order by 1"
    ).fetchall()

    assert unknown == (0,)
    assert mixed == [("liu2023-p034", 2), ("liu2023-p041", 3), ("liu2023-p063", 3)]


def test_joint_holders_are_split(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = warehouse.execute(
        "select company_name from marts.bridge_project_companies join marts.dim_companies using (company_id) "
        "where project_id = 'liu2023-p031' order by holder_position"
    ).fetchall()

    assert [name for (name,) in rows] == ["Texas Mineral Resources", "USA Rare Earth"]


def test_the_furthest_stage_by_a_year_can_be_asked(warehouse: duckdb.DuckDBPyConnection) -> None:
    sql = """
        select stage from marts.fct_project_statuses
        where project_id = 'liu2023-p090' and coalesce(effective_year, 0) <= {year}
            and stage_order is not null
        order by stage_order desc limit 1
    """

    assert one(warehouse, sql.format(year=2023)) == ("feasibility",)
    assert one(warehouse, sql.format(year=2025)) == ("production",)


def test_every_status_cell_has_its_stages(warehouse: duckdb.DuckDBPyConnection) -> None:
    sql = """
        select count(*) from marts.dim_{0}s as r left join marts.fct_{0}_statuses as s using ({0}_id)
        where r.status_as_published is not null and s.stage is null
    """

    assert one(warehouse, sql.format("project")) == (0,)
    assert one(warehouse, sql.format("plant")) == (0,)


def test_ratios_are_those_of_pyrolite(warehouse: duckdb.DuckDBPyConnection) -> None:
    shares = warehouse.execute(
        "select project_id, element, share_of_tree_pct from marts.fct_compositions "
        "join marts.dim_oxides using (oxide) "
        "where source = 'liu_2023' and share_of_tree_pct is not null and element <> 'Y'"
    ).df()
    ours = warehouse.execute("select * from marts.fct_project_geochemistry").df().set_index("project_id")
    wide = shares.pivot_table(index="project_id", columns="element", values="share_of_tree_pct")[ELEMENTS]
    with np.errstate(divide="ignore"):
        normal = wide.pyrochem.normalize_to("Chondrite_MS95", units="ppm").replace(0, np.nan)

    expected = pd.DataFrame(
        {
            "la_yb_n": normal["La"] / normal["Yb"],
            "eu_anomaly": normal["Eu"] / np.sqrt(normal["Sm"] * normal["Gd"]),
            "ce_anomaly": normal["Ce"] / np.sqrt(normal["La"] * normal["Pr"]),
        }
    )

    assert len(ours) == 64
    pd.testing.assert_frame_equal(
        ours[list(expected)].sort_index(), expected.sort_index(), check_names=False, rtol=1e-6
    )
    assert ours["eu_anomaly"].isna().sum() > 0  # guarded where Eu is printed as zero


def test_chondrite_values_are_those_of_pyrolite(warehouse: duckdb.DuckDBPyConnection) -> None:
    ours = dict(warehouse.execute("select element, chondrite_ppm from marts.dim_oxides").fetchall())
    reference = get_reference_composition("Chondrite_MS95").set_units("ppm")

    assert ours == {element: pytest.approx(float(reference[element])) for element in ours}


def test_sums_close_and_rows_that_do_not_are_out(warehouse: duckdb.DuckDBPyConnection) -> None:
    sums = warehouse.execute(
        "select p.project_number, sum(c.share_of_treo_pct), sum(c.share_of_tree_pct) "
        "from marts.fct_compositions as c join marts.dim_projects as p using (project_id) "
        "where source = 'liu_2023' and p.reported_oxides > 0 group by all"
    ).fetchall()
    open_rows = {number for number, total, _ in sums if abs(total - 100) > 1}

    assert {50, 67, 113, 114} <= open_rows
    assert one(
        warehouse,
        "select count(*) from marts.dim_projects "
        "where has_full_composition and project_number in (50, 67, 113)",
    ) == (0,)
    assert all(tree == pytest.approx(100, abs=1e-6) for _, _, tree in sums if tree is not None)


def test_gakara_states_oxide_not_ore(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = warehouse.execute(
        "select project_number, resource_treo_t, round(ore_t) from marts.dim_projects "
        "where project_number in (53, 61) order by 1"
    ).fetchall()

    assert rows == [(53, 30257.5, 318500.0), (61, 3712.5, 297000.0)]


def test_contained_ore(warehouse: duckdb.DuckDBPyConnection) -> None:
    # Mount Weld: 300 x 10^4 t TREO at 5.4 wt-%.
    assert one(warehouse, "select ore_t from marts.dim_projects where project_number = 1") == (
        pytest.approx(3_000_000 / 0.054, rel=1e-9),
    )


def test_nothing_shipped_is_unmapped_and_no_cell_is_lost(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert one(warehouse, "select count(*) from quality.unmapped_values") == (0,)
    assert one(
        warehouse,
        "select sum(cells_lost), sum(cells_published) - sum(cells_carried_as_printed) - sum(cells_changed) "
        "- sum(cells_rejected) from quality.cell_accounting",
    ) == (0, 0)


def test_each_blank_company_is_a_recorded_judgement(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = dict(
        warehouse.execute(
            "select rule, count(*) from quality.cell_changes where column_name = 'company' "
            "and published_value = '' and table_name = 'projects' group by 1"
        ).fetchall()
    )

    assert sum(rows.values()) == 55
    assert rows["company_filled_down"] + rows["company_assigned"] + rows["company_unknown"] == 55


NEW_ROW = pytest.mark.slow("texts nobody has mapped go through the whole build: kept, named, and predicted")


@pytest.fixture(scope="module")
def with_a_new_row(built: BuildSummary, tmp_path_factory: pytest.TempPathFactory) -> BuildSummary:
    """A build with one project of a type, country and status, and one capacity, that nobody has seen.

    It follows the shared one, for which the unit tests of the same models hold.
    """
    folder = tmp_path_factory.mktemp("new")
    shutil.copyfile(built.output, folder / "ree.duckdb")
    shutil.copytree(SOURCES_DIR, folder / "sources")
    file = folder / "sources" / "liu_2023" / "projects.csv"
    with file.open(newline="", encoding="utf-8") as handle:
        header = next(csv.reader(handle))
    new = {
        "project_number": "147",
        "company": "Selene Metals",
        "project": "Mare Nectaris",
        "location": "Tycho, Republic of Fiji",
        "continent": "Oceania",
        "status_2022": "1, Z(2030)",
        "deposit_type": "Carbonatite rock",
    }
    with file.open("a", newline="", encoding="utf-8") as handle:
        csv.writer(handle, lineterminator="\n").writerow([new.get(name, "") for name in header])
    plants = folder / "sources" / "liu_2023" / "plants.csv"
    plants.write_text(
        plants.read_text(encoding="utf-8").replace("1346kt/y (ore)", "1446kt/y (ore)"), encoding="utf-8"
    )
    request = BuildRequest(
        output=folder / "ree.duckdb", sources_dir=folder / "sources", settings=QUICK, docs=False
    )
    with pytest.MonkeyPatch.context() as patch:
        # Who else plays in the league moves no prediction.
        patch.setattr(
            ml.training, "league", lambda settings: {name: league(settings)[name] for name in PLAYERS}
        )
        patch.setattr("ml.store.marts.read_reference_inputs", lambda *_: None)
        return build(request, SilentReporter())


@NEW_ROW
def test_a_new_spelling_is_kept_marked_and_told(with_a_new_row: BuildSummary) -> None:
    told = " ".join(with_a_new_row.warnings)
    with duckdb.connect(str(with_a_new_row.output), read_only=True) as connection:
        row = one(
            connection,
            "select p.project_name, p.deposit_type_id, p.company_id, l.country_iso3, l.mapping_judgement "
            "from marts.dim_projects as p join marts.dim_locations as l using (location_id) "
            "where p.project_number = 147",
        )
        stages = connection.execute(
            "select stage_code, stage from marts.fct_project_statuses "
            "where project_id = 'liu2023-p147' order by 1"
        ).fetchall()
        predicted = one(
            connection,
            "select count(*) from marts.composition_best where project_id = 'liu2023-p147'",
        )
        capacity = one(
            connection,
            "select figure_position, product, amount_high_t, text_as_published, parse_status "
            "from marts.fct_plant_capacities where plant_id = 'liu2023-f29'",
        )

    assert row == ("Mare Nectaris", None, None, None, "unmapped")
    assert stages == [("1", "exploration"), ("Z", None)]
    assert predicted == (15,)
    assert capacity == (1, "unmapped", None, "1446kt/y (ore)", "unmapped")
    for text, seed in [
        ("deposit type 'Carbonatite rock'", "deposit_type_spellings.csv"),
        ("location 'Tycho, Republic of Fiji'", "location_mappings.csv"),
        ("company 'Selene Metals'", "company_spellings.csv"),
        ("project status 'Z(2030)'", "project_stages.csv"),
        ("site 'liu2023-p147'", "project_sites.csv"),
        ("point 'liu2023-p147'", "record_points.csv"),
        ("capacity '1446kt/y (ore)'", "plant_capacity_readings.csv"),
    ]:
        assert f"The {text} is not mapped; add it with a reason to dbt_project/seeds/{seed}" in told
    assert "projects.csv: the content differs from the checksum" in told
    assert "seeds/plant_capacity_readings.csv reads a text that is in no capacity or yield cell" in told


@NEW_ROW
def test_proposals_name_a_candidate_and_a_runner_up(with_a_new_row: BuildSummary) -> None:
    proposals = {p.value_kind: p for p in propose(with_a_new_row.output)}

    assert proposals["deposit type"].candidate == "carbonatite"
    assert proposals["deposit type"].score > proposals["deposit type"].runner_up_score > 0
    assert proposals["deposit type"].runner_up != "carbonatite"
    assert proposals["location"].candidate == "FJ"
    assert proposals["capacity"].candidate == "ore feed 1346.0 kt/y"
    json.dumps([vars(p) for p in proposals.values()])
