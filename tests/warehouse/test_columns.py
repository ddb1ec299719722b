from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from warehouse.columns import meaning, read_meanings, says_unit, unit_stated, without_unit
from warehouse.errors import ReeError
from warehouse.file.catalogue import Column, Relation, read_columns, read_relations, read_tables
from warehouse.file.comments import comment_on


def number(name: str, description: str) -> Column:
    return Column(name, "DOUBLE", True, description)


@pytest.fixture
def columns(warehouse: duckdb.DuckDBPyConnection) -> list[tuple[Relation, Column]]:
    return [
        (r, column) for r in read_relations(warehouse) for column in read_columns(warehouse, r.schema, r.name)
    ]


def test_every_number_has_a_unit_or_a_reason_for_none(columns: list[tuple[Relation, Column]]) -> None:
    numbers = [(relation, column) for relation, column in columns if column.is_number]
    without = {f"{r.full_name}.{c.name}: {c.description}" for r, c in numbers if not says_unit(c.description)}

    assert {relation.kind for relation, _ in numbers} == {"table"}
    assert len(numbers) > 200
    assert not without


def test_no_text_pretends_to_a_unit(columns: list[tuple[Relation, Column]]) -> None:
    # The cells of raw are text, and are measured in what the publisher says.
    texts = [
        f"{relation.full_name}.{column.name}"
        for relation, column in columns
        if relation.schema != "raw"
        and column.data_type in ("VARCHAR", "BOOLEAN", "TIMESTAMP")
        and says_unit(column.description)
    ]

    assert not texts


def test_every_unit_has_a_name_that_pint_reads() -> None:
    units = {unit for text in read_meanings().values() if (unit := unit_stated(text)) is not None}

    assert len(units) > 10
    assert not [unit for unit in units if unit.unit is None]


@pytest.mark.parametrize(
    ("description", "unit", "symbol"),
    [
        ("Resource. Unit: t TREO.", "t", "t TREO"),
        ("Lower bound; null unless is_per_year. Unit: t per year.", "t/year", "t per year"),
        ("Share of La2O3. Unit: % of TREO. Null where unknown.", "percent", "% of TREO"),
        ("Grade. Unit: wt-%.", "percent", "wt-%"),
        ("Resource. Unit: 10^4 t REO.", None, "10^4 t REO"),
        ("Length. Unit: tablets.", None, "tablets"),
    ],
)
def test_the_longest_known_unit_is_read(description: str, unit: str | None, symbol: str) -> None:
    found = unit_stated(description)

    assert found is not None
    assert (found.unit, found.symbol) == (unit, symbol)
    assert "Unit" not in without_unit(description)


def test_a_number_may_say_that_it_has_no_unit() -> None:
    description = "Year the stage began. No unit: calendar year."

    assert says_unit(description)
    assert unit_stated(description) is None
    assert without_unit(description) == description


def test_a_file_of_an_earlier_version_takes_units_by_name() -> None:
    earlier = number("grade_treo_wt_pct", "Grade of total rare-earth oxides in ore (wt-%).").unit

    assert earlier is not None
    assert (earlier.unit, earlier.symbol) == ("percent", "wt-% TREO")
    assert number("effective_year", "Year.").unit is None
    assert number("width", "Width.").unit is None
    # What the file itself says comes first.
    assert number("grade_treo_wt_pct", "Grade. No unit: made up.").unit is None


def test_a_name_described_twice_is_refused(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.md").write_text("{% docs width %}\nWidth.\n{% enddocs %}\n", encoding="utf-8")

    with pytest.raises(ReeError, match="'width' is described twice"):
        read_meanings(tmp_path)


def test_a_table_is_commented_with_what_its_columns_mean() -> None:
    with duckdb.connect() as connection:
        connection.execute("create schema meta")
        connection.execute("create table meta.things (seconds double, is_current boolean, width double)")
        about = {"columns": {"width": "How wide."}, "senses": {"is_current": "build"}}
        comment_on(connection, "meta", "things", "One row per thing.", **about)
        (table,) = read_tables(connection, ["meta"])

        assert table.description == "One row per thing."
        assert [column.description for column in table.columns] == [
            meaning("seconds"),
            meaning("is_current", "build"),
            "How wide.",
        ]
        with pytest.raises(ReeError, match="'width' means"):
            comment_on(connection, "meta", "things", "One row per thing.", senses={"is_current": "build"})
