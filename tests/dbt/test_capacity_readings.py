"""The reviewed readings of capacity and yield cells: a mistyped one goes red."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.dbt.conftest import Broken, Reading

pytestmark = pytest.mark.slow("every figure of a capacity cell is guarded by checks of its reading")

NUMBERS, QUOTES, USED = (
    "capacity_readings_hold_every_number",
    "capacity_readings_quote_their_cell",
    "capacity_readings_are_used",
)
UNITS = ["t", "kt", "kg", "t/y", "kt/y", "万吨", "万吨/年"]
PRODUCTS = ["", "La2O3", "Pr6O11", "REO", "Fe-Nd(Nd80%，Fe20%) metal", "独居石砂"]
relaxed = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


def amounts() -> st.SearchStrategy[float]:
    """Amounts as cells print them: whole, or with one decimal."""
    return st.one_of(
        st.integers(1, 2_000_000).map(float), st.integers(1, 99_999).map(lambda tenths: tenths / 10)
    )


def printed(number: float) -> str:
    """``number`` as a cell prints it, with thousands commas where it is whole."""
    return f"{int(number):,}" if number == int(number) else str(number)


@st.composite
def cells(draw: st.DrawFn) -> list[Reading]:
    """The right readings of a made-up cell."""
    readings: list[Reading] = []
    for position in range(1, draw(st.integers(1, 4)) + 1):
        low, high = sorted([draw(amounts()), draw(amounts())])
        low = high if draw(st.booleans()) else low
        unit, product = draw(st.sampled_from(UNITS)), draw(st.sampled_from(PRODUCTS))
        year = draw(st.one_of(st.none(), st.integers(1990, 2049)))
        span = printed(high) if low == high else f"{printed(low)}-{printed(high)}"
        words = [f"{draw(st.sampled_from(['', '~', 'contain ']))}{span}{unit}", product]
        words += [f"({year})"] if year else []
        readings.append(
            {
                "measure": "capacity",
                "figure_position": position,
                "segment_text": " ".join(word for word in words if word),
                "product_text": product or None,
                "amount_low": low,
                "amount_high": high,
                "unit_text": unit,
                "year": year,
            }
        )
    text = draw(st.sampled_from(["; ", ", ", "；"])).join(r["segment_text"] for r in readings)
    return [{**reading, "cell_text": text} for reading in readings]


@relaxed
@given(cells())
def test_a_right_reading_passes(broken_checks: Broken, cell: list[Reading]) -> None:
    assert broken_checks(cell) == {USED}


@relaxed
@given(cells(), st.data())
def test_a_number_of_the_cell_that_no_reading_has_goes_red(
    broken_checks: Broken, cell: list[Reading], data: st.DataObject
) -> None:
    changed = data.draw(st.sampled_from(cell))
    wrong: dict[str, Any] = data.draw(
        st.sampled_from(
            [
                {"amount_low": changed["amount_low"] / 10},
                {"amount_high": changed["amount_high"] + 1},
                {"year": None if changed["year"] else 2050},
            ]
        )
    )
    assert NUMBERS in broken_checks([reading | (wrong if reading is changed else {}) for reading in cell])


@relaxed
@given(cells(), st.integers(3_000_000, 4_000_000))
def test_a_number_no_reading_takes_up_goes_red(
    broken_checks: Broken, cell: list[Reading], number: int
) -> None:
    longer = f"{cell[0]['cell_text']} and {number} t"
    assert NUMBERS in broken_checks([reading | {"cell_text": longer} for reading in cell])


def test_every_shipped_reading_passes(broken_checks: Broken, shipped_readings: list[Reading]) -> None:
    assert len(shipped_readings) == 72
    assert broken_checks(shipped_readings) == set()


def test_every_shipped_figure_is_guarded(broken_checks: Broken, shipped_readings: list[Reading]) -> None:
    """One reading at a time is mistyped: its amounts, its unit, its words; then it is left out."""
    for reading in shipped_readings:
        cell = [r for r in shipped_readings if r["cell_text"] == reading["cell_text"]]
        others = [r for r in cell if r is not reading]
        unit = "kg" if reading["unit_text"] != "kg" else "t"
        tenfold = {name: reading[name] * 10 for name in ("amount_low", "amount_high")}

        assert broken_checks([reading | tenfold, *others]) == {NUMBERS}, reading
        assert broken_checks([reading | {"unit_text": unit}, *others]) == {QUOTES}, reading
        assert QUOTES in broken_checks([reading | {"segment_text": "5 parrots"}, *others]), reading
        assert not others or NUMBERS in broken_checks(others), reading


def test_a_swap_of_two_amounts_goes_red(broken_checks: Broken, shipped_readings: list[Reading]) -> None:
    """The cell holds 270 t Dy and 44 t Tb; exchanged, its numbers are the same ones."""
    amounts = {270.0: 44.0, 44.0: 270.0}
    swapped = [
        r | {"amount_low": amounts[r["amount_low"]], "amount_high": amounts[r["amount_low"]]}
        if r["measure"] == "capacity" and r["product"] in ("dy_oxide", "tb_oxide") and r["basis"] != "oxide"
        else r
        for r in shipped_readings
    ]

    assert swapped != shipped_readings
    assert broken_checks(swapped) == {NUMBERS}


def test_a_reading_whose_text_is_in_no_cell_goes_red(
    broken_checks: Broken, shipped_readings: list[Reading]
) -> None:
    stale = {**shipped_readings[2], "cell_text": "~20kt (old)", "figure_position": 1}

    assert broken_checks([*shipped_readings, stale]) == {USED}


@pytest.mark.parametrize(("measure", "cells"), [("capacity", 31), ("yield", 14)])
def test_every_published_cell_is_read(warehouse: duckdb.DuckDBPyConnection, measure: str, cells: int) -> None:
    found = warehouse.execute(
        "select count(distinct plant_id), count(*) filter (parse_status <> 'parsed') "
        "from marts.fct_plant_capacities where measure = ?",
        [measure],
    ).fetchone()

    assert found == (cells, 0)


def test_oxide_is_added_up_once(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Kuantan without a period, several products, a total, a part, oxide in a concentrate; read by hand."""
    found = warehouse.execute(
        "select plant_id, made_high_t_per_year, contained_high_t_per_year, is_period_assumed "
        "from marts.rpt_plant_oxides where measure = 'capacity'"
    ).fetchall()
    oxides = {plant: rest for plant, *rest in found}

    assert len(oxides) == len(found) == 19
    assert oxides["liu2023-f02"] == [20000, None, True]
    assert oxides["liu2023-f26"] == [4440 + 470, None, False]
    assert oxides["liu2023-f53"] == [3571 + 6625 + 650 + 1964, None, False]
    assert oxides["liu2023-f22"] == [9300, None, False]
    assert oxides["liu2023-f14"] == [12500, None, False]
    assert oxides["liu2023-f21"] == [None, 14700, True]
    assert sum(made or 0 for made, _, _ in oxides.values()) == 120613
