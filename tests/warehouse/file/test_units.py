from __future__ import annotations

import duckdb
import pytest
from pydantic import ValidationError

from warehouse.file.catalogue import read_tables
from warehouse.file.units import Unit, Units, read_units

SHOWN = ("marts", "quality", "meta")


def test_every_number_has_a_unit_or_a_reason_for_none(warehouse: duckdb.DuckDBPyConnection) -> None:
    numbers = [
        (table, column)
        for table in read_tables(warehouse, SHOWN)
        for column in table.columns
        if column.is_number
    ]
    without = [
        f"{table.full_name}.{column.name}"
        for table, column in numbers
        if read_units().rule(table.name, column.name) is None
    ]

    assert len(numbers) > 100
    assert not without, "list these in warehouse/file/units.yml"


def test_the_comment_of_a_number_names_the_unit(warehouse: duckdb.DuckDBPyConnection) -> None:
    silent = []
    for table in read_tables(warehouse, SHOWN):
        for column in table.columns:
            rule = read_units().rule(table.name, column.name)
            named = isinstance(rule, Unit) and f"({rule.symbol}" in column.description
            if column.is_number and isinstance(rule, Unit) and not named:
                silent.append(f"{table.full_name}.{column.name}: {rule.symbol}: {column.description}")

    assert not silent


@pytest.mark.parametrize(
    ("table", "column", "unit"),
    [
        ("dim_projects", "grade_treo_wt_pct", "wt-%"),
        ("composition_best", "best_pct", "%"),
        ("fct_plant_capacities", "amount_low_t", "t"),
        ("fct_plant_capacities", "amount_low_t_per_year", "t per year"),
        ("dim_locations", "latitude_deg", "deg"),
        ("dim_locations", "coordinate_spread_km", "km"),
        ("fct_plant_statuses", "effective_year", None),
        ("builds", "seconds", "s"),
    ],
)
def test_the_most_exact_row_wins(table: str, column: str, unit: str | None) -> None:
    rule = read_units().rule(table, column)

    assert rule is not None
    assert getattr(rule, "symbol", None) == unit


def test_a_name_nobody_listed_has_no_rule() -> None:
    assert read_units().rule("dim_projects", "width") is None


def test_a_row_names_an_ending_or_columns_and_not_both() -> None:
    row = {"unit": "t", "symbol": "t", "ending": "_t", "columns": ["ore"]}
    with pytest.raises(ValidationError, match="either an ending or columns"):
        Units.model_validate({"units": [row], "unitless": []})
