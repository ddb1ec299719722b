"""Demands and parameters of a user's own, read strictly."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.warehouse.scenario.worlds import BASE_YEAR, OXIDES, parameters
from warehouse.errors import GateFailedError, ReeError
from warehouse.paths import DBT_PROJECT_DIR
from warehouse.scenario.demand import Row, demand_of, read_demand
from warehouse.scenario.parameters import overridden

SAMPLE = DBT_PROJECT_DIR / "seeds" / "scenario_demands.csv"
HEADER = "item,year,demand_t,basis\n"


def read(tmp_path: Path, text: str, scenario: str | None = None) -> list[Row]:
    file = tmp_path / "demand.csv"
    file.write_text(text, "utf-8")
    return read_demand(file, OXIDES, BASE_YEAR, scenario)


def test_items_by_any_of_their_names(tmp_path: Path) -> None:
    rows = read(
        tmp_path, HEADER + "nd2o3,2030,1,\nDysprosium,2030,2,\nTb,2030,3,OXIDE\n Magnet ,2031,4,element\n"
    )

    assert [(row.item, row.basis, row.demand_t) for row in rows] == [
        ("Nd2O3", "oxide", 1),
        ("Dy", "element", 2),
        ("Tb", "oxide", 3),
        ("magnet", "element", 4),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("item,year\nNd,2030\n", "line 1: the column demand_t is missing; add it to the header."),
        (
            HEADER.replace("basis", "base"),
            "column base: the column is not one of a demand; rename it (near: basis",
        ),
        ("item,item,year,demand_t\n", "column item: the column is duplicated; leave one."),
        (HEADER, "there is no demand below the header; add a line per item and year."),
        (HEADER + "Nd,2030,1\n", "line 2: 3 cells are under 4 column names; quote cells that hold commas."),
        (HEADER + "Nd,,1,\n", "line 2, column year: the cell is blank; fill it in."),
        (
            HEADER + "Neodym,2030,1,\n",
            "line 2, column item: 'Neodym' is not known; use a known one (near: neodymium",
        ),
        (HEADER + "Fe,2030,1,\n", "line 2, column item: 'Fe' is not known; use a known one"),
        (HEADER + "Nd,30.5,1,\n", "line 2, column year: '30.5' is not a year; write it with four digits."),
        (
            HEADER + "Nd,2024,1,\n",
            "2024 is not after 2024, the last year of which mine production is printed",
        ),
        (HEADER + "Nd,20300,1,\n", "20300 is too far off; ask for a year from 2025 to 2200."),
        (HEADER + 'Nd,2030,"1,5",\n', "line 2, column demand_t: '1,5' is not a number; write tonnes"),
        (HEADER + "Nd,2030,1_000,\n", "'1_000' is not a number"),
        (HEADER + "Nd,2030,-1,\n", "-1 is not from 0 to 1e+09; give tonnes."),
        (HEADER + "Nd,2030,nan,\n", "nan is not from 0"),
        (HEADER + "Nd,2030,1,metal\n", "column basis: 'metal' is not a basis; write oxide or element"),
        (HEADER + "Nd,2030,1,\nNd,2031,1,oxide\n", "Nd is in tonnes of oxide here and of element in line 2"),
        (
            HEADER + "Nd,2030,1,\nNd,2030,2,\n",
            "line 3, column item: Nd2O3 in 2030 is asked for here and in line 2",
        ),
        (HEADER + "magnet,2030,1,\nDy,2030,2,\n", "Dy2O3 in 2030 is asked for here and in line 2 (magnet)"),
        (
            HEADER + "ndpr,2030,1,\nndpr,2040,1,\nNd,2035,2,\n",
            "Nd and ndpr hold the same oxides and their years cross",
        ),
        (HEADER + 'Nd,2030,"1,\n', "the line is not CSV"),
        (
            "scenario," + HEADER + "a,Nd,2030,1,\nb,Nd,2030,1,\n",
            "the file holds 2 scenarios (a, b); choose one with",
        ),
    ],
)
def test_a_fault_is_one_sentence_with_place_and_remedy(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ReeError) as caught:
        read(tmp_path, text)

    assert said in str(caught.value)
    assert str(caught.value).startswith(str(tmp_path / "demand.csv"))


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(GateFailedError) as caught:
        read(tmp_path, HEADER + "Fe,2030,1,\nNd,2030,x,\nNd,2030,1,\nndpr,2030,1,\n")

    assert [sentence.split(":")[0].rsplit("line ")[1] for sentence in caught.value.sentences] == [
        "2, column item",
        "3, column demand_t",
        "5, column item",
    ]
    assert caught.value.as_dict()["message"] == "the demand gate failed; no scenario was computed."


def test_one_scenario_of_the_sample() -> None:
    rows = read_demand(SAMPLE, OXIDES, BASE_YEAR, "iea_2024_aps")

    assert [(row.item, row.year, row.demand_t, row.basis) for row in rows] == [
        ("magnet", 2030, 131000, "element"),
        ("magnet", 2050, 181000, "element"),
    ]
    with pytest.raises(ReeError, match=r"the file has no scenario 'x' \(iea_2024_aps, zhou_2017_clean\)"):
        read_demand(SAMPLE, OXIDES, BASE_YEAR, "x")


def test_years_between_stated_ones_lie_on_a_line() -> None:
    rows = [
        Row("magnet", 2026, 10, "oxide", 2),
        Row("magnet", 2028, 30, "oxide", 3),
        Row("Y", 2029, 5, "element", 4),
    ]
    demand = demand_of(rows, OXIDES, BASE_YEAR, interpolate=True)

    assert demand.years.tolist() == [2025, 2026, 2027, 2028, 2029]
    assert demand.tonnes.tolist() == [[0, 10, 20, 30, 0], [0, 0, 0, 0, 5]]
    assert demand.is_asked.tolist() == [[False, True, True, True, False], [*[False] * 4, True]]
    assert demand.is_stated.tolist() == [[False, True, False, True, False], [*[False] * 4, True]]
    assert OXIDES["oxide"][demand.weights[0] > 0].tolist() == ["Pr6O11", "Nd2O3", "Tb4O7", "Dy2O3"]
    assert demand.weights[1].max() == pytest.approx(1 / 1.2699)
    stated = demand_of(rows, OXIDES, BASE_YEAR, interpolate=False)
    assert stated.tonnes.tolist()[0] == [0, 10, 0, 30, 0]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_read_or_refused_in_words(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = tmp_path_factory.mktemp("demand") / "demand.csv"
    file.write_bytes((HEADER + text).encode("utf-8", "surrogatepass"))
    try:
        rows = read_demand(file, OXIDES, BASE_YEAR)
    except (ReeError, GateFailedError):
        return
    assert np.isfinite([row.demand_t for row in rows]).all()


def test_values_of_ones_own_and_the_last_one_counts(tmp_path: Path) -> None:
    file = tmp_path / "parameters.csv"
    file.write_text("parameter,value\nramp_years,3\nrecycled_pct,10\n")
    found = overridden(parameters(), ["recycled_pct=20", "recycled_pct = 25"], file)

    assert (found["ramp_years"], found["recycled_pct"], found["order_restart"]) == (3, 25, 1)


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("ramp_years", "--set: 'ramp_years' has no =; write --set name=value."),
        ("ramp_year=3", "--set: the parameter 'ramp_year' is not known; use a known one (near: ramp_years"),
        (
            "ramp_years=x",
            "--set: 'x' is not a number, which ramp_years takes; write it with a decimal point.",
        ),
        ("ramp_years=0", "--set: ramp_years is not from 1 to 20: 0; give it in its unit (years)."),
        ("ramp_years=nan", "ramp_years is not from 1 to 20: nan"),
    ],
)
def test_a_setting_that_makes_no_sense(setting: str, said: str) -> None:
    with pytest.raises(ReeError) as caught:
        overridden(parameters(), [setting])

    assert said in str(caught.value)


def test_faults_of_file_and_settings_at_once(tmp_path: Path) -> None:
    file = tmp_path / "parameters.csv"
    file.write_text("parameter,value\nramp_years,99\nx\n")
    with pytest.raises(GateFailedError) as caught:
        overridden(parameters(), ["a"], file)

    assert len(caught.value.sentences) == 3
    assert any("line 2, column value: ramp_years is not from 1 to 20" in s for s in caught.value.sentences)
    file.write_text("name,value\n")
    with pytest.raises(ReeError, match="line 1: the column parameter is missing"):
        overridden(parameters(), [], file)
