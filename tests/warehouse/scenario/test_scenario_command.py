"""``ree scenario`` on the built file: the sample comes to what the marts hold, and the print says so."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from tests.terminal import ree
from tests.warehouse.scenario.test_demand import SAMPLE
from warehouse.build.run import BuildSummary
from warehouse.pages.report.charts.scenarios import scenario_parts
from warehouse.pages.report.data import ReportData, read_report_data

SCENARIO = ("scenario", str(SAMPLE), "--scenario", "iea_2024_aps", "--file")


def test_the_sample_comes_to_what_the_marts_hold(
    built: BuildSummary, warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    done = ree(*SCENARIO, str(built.output), "--sensitivity", "--output", str(tmp_path / "out"), "--json")
    found = json.loads(done.stdout)

    assert (done.returncode, done.stderr) == (0, "")
    for name, mart in {
        "balance": "fct_scenario_balance",
        "projects": "fct_scenario_projects",
        "supply": "fct_scenario_supply",
        "oxides": "fct_scenario_oxides",
        "sensitivity": "rpt_scenario_sensitivity",
    }.items():
        own = pd.DataFrame(found[name])
        theirs = warehouse.execute(
            f"select * exclude (scenario) from marts.{mart} where scenario = 'iea_2024_aps'"
        ).df()
        keys = [c for c in ("project_id", "oxide", "parameter", "range_end", "item", "year") if c in own]
        pd.testing.assert_frame_equal(
            own.sort_values(keys, ignore_index=True),
            theirs[list(own)].sort_values(keys, ignore_index=True),
            check_dtype=False,
        )
        assert len(pd.read_csv(tmp_path / "out" / f"{name}.csv")) == len(own) > 0
    assert found["draws"] > 1
    counted, uncounted = found["counted_t"], found["uncounted_t"]
    (mined,) = warehouse.execute(
        "select sum(mine_production_treo_t) from marts.fct_production "
        "where is_latest_release and area_kind = 'country' and year = ?",
        [found["base_year"]],
    ).fetchall()[0]
    assert counted + uncounted == pytest.approx(mined)


def test_what_is_printed_says_who_when_how_sure_and_by_which_choices(built: BuildSummary) -> None:
    done = ree(*SCENARIO, str(built.output), "--set", "existing_growth_pct_per_year=5")

    assert done.returncode == 0
    assert "magnet: met in full from 2030 for the first time" in done.stdout
    assert "met in % of" in done.stdout
    assert "Longonjo" in done.stdout
    changed = [line.split("│") for line in done.stdout.splitlines() if line.startswith(" *")]
    assert [[cell.strip() for cell in cells[1:4]] for cells in changed] == [
        ["existing_growth_pct_per_year", "5", "0"]
    ]


def test_every_fault_is_printed_and_nothing_else(built: BuildSummary, tmp_path: Path) -> None:
    file = tmp_path / "demand.csv"
    file.write_text("item,year,demand_t\nFe,2030,1\nNd,2030,x\n")
    done = ree("scenario", str(file), "--file", str(built.output))

    assert (done.returncode, done.stdout) == (1, "")
    first, second, last = done.stderr.splitlines()
    assert "demand.csv, line 2, column item: 'Fe' is not known" in first
    assert "demand.csv, line 3, column demand_t: 'x' is not a number" in second
    assert last.endswith("the demand gate failed; no scenario was computed.")


def test_the_bars_of_the_report_add_up_to_the_demand(built: BuildSummary) -> None:
    data: ReportData = read_report_data(built.output)
    parts = scenario_parts(data.scenario_balance, data.scenario_stages)
    keys = ["scenario", "item", "year"]
    summed = parts.groupby(keys)["tonnes"].sum()

    pd.testing.assert_series_equal(
        summed, data.scenario_balance.set_index(keys)["demand_t"].sort_index(), check_names=False
    )
    assert parts["part_order"].notna().all()
