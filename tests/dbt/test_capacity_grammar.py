"""The grammar of capacity and yield cells: what is written comes back as figures."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from warehouse.paths import DBT_PROJECT_DIR

Row = dict[str, Any]
Parse = Callable[[str], list[Row]]

with (DBT_PROJECT_DIR / "seeds" / "product_spellings.csv").open(encoding="utf-8") as file:
    PRODUCTS = {row["product_as_published"]: row["product"] for row in csv.DictReader(file)}

TONNES = {"t": 1, "T": 1, "kt": 1000, "kg": 0.001, "Mt": 1e6, "tonnes": 1, "吨": 1, "万吨": 10_000}
YEARLY = ("/y", "/a", "/yr", "/year", "/年", " per year")
HALF_TO_FULL_WIDTH = str.maketrans("(),;~/", "（），；～／")
# Words that the grammar gives a meaning of their own.
RESERVED = {"of", "total", "about", "around", "circa", "contain", "annual", "and", "plus", "including"}


@dataclass(frozen=True)
class Figure:
    """A figure as it should come back; ``parent`` is counted from 1."""

    low: str
    high: str
    unit: str
    per_year: str = ""
    product: str = ""
    year: int | None = None
    approximate: bool = False
    parent: int | None = None

    @property
    def amount(self) -> str:
        span = self.low if self.low == self.high else f"{self.low}-{self.high}"
        return f"{'~' if self.approximate else ''}{span}{self.unit}{self.per_year}"


def check(figure: Figure, row: Row) -> None:
    """Assert that ``row`` is ``figure``."""
    low, high = (float(number.replace(",", "")) for number in (figure.low, figure.high))
    assert (row["amount_low"], row["amount_high"]) == (low, high)
    tonnes = TONNES[figure.unit.strip()]
    assert (row["amount_low_t"], row["amount_high_t"]) == pytest.approx((low * tonnes, high * tonnes))
    assert row["unit_as_published"] == (figure.unit + figure.per_year).strip()
    assert (row["product_as_published"] or "") == figure.product
    expected = PRODUCTS.get(figure.product, "unmapped") if figure.product else "unspecified"
    assert row["product"] == expected
    assert row["year"] == figure.year
    assert row["is_approximate"] == figure.approximate
    assert row["parent_figure_position"] == figure.parent
    if figure.per_year:
        assert row["period_source"] == "stated"
        assert row["amount_low_t_per_year"] == row["amount_low_t"]
    else:
        assert row["period_source"] != "stated"
    assert (row["amount_low_t_per_year"] is not None) == row["is_per_year"]


def check_all(figures: list[Figure], rows: list[Row]) -> None:
    """Assert that ``rows`` are ``figures``, in order and no more."""
    assert [row["figure_position"] for row in rows] == list(range(1, len(figures) + 1))
    for figure, row in zip(figures, rows, strict=True):
        check(figure, row)
    known = all(figure.product in PRODUCTS or not figure.product for figure in figures)
    assert {row["parse_status"] for row in rows} == {"parsed" if known else "partly_parsed"}


def unseen_products() -> st.SearchStrategy[str]:
    """Names that no reviewed mapping holds."""
    word = st.text("bdfghjklmnoprstuvw", min_size=3, max_size=8).filter(lambda text: text not in RESERVED)
    return st.lists(word, min_size=1, max_size=3).map(" ".join)


ANY_PRODUCT = st.one_of(st.sampled_from(sorted(PRODUCTS)), unseen_products())
UNNAMED = st.just("")


@st.composite
def numbers(draw: st.DrawFn) -> str:
    """A positive number, whole, decimal or with thousands commas."""
    if draw(st.booleans()):
        whole = draw(st.integers(1, 2_000_000))
        return f"{whole:,}" if draw(st.booleans()) else str(whole)
    return f"{draw(st.integers(0, 9999))}.{draw(st.integers(1, 9))}"


@st.composite
def figures(draw: st.DrawFn, products: st.SearchStrategy[str] = ANY_PRODUCT) -> Figure:
    """A figure with or without range, period, product, year and approximation."""
    low = draw(numbers())
    high = draw(st.one_of(st.just(low), numbers()))
    low, high = sorted((low, high), key=lambda number: float(number.replace(",", "")))
    return Figure(
        low=low,
        high=high,
        unit=draw(st.sampled_from(["", " "])) + draw(st.sampled_from(sorted(TONNES))),
        per_year=draw(st.sampled_from(("", *YEARLY))),
        product=draw(products),
        year=draw(st.one_of(st.none(), st.integers(1990, 2049))),
        approximate=draw(st.booleans()),
    )


@st.composite
def written(draw: st.DrawFn, figure: Figure) -> str:
    """``figure`` in one of the orders the table prints."""
    year, product, amount = figure.year, figure.product, figure.amount
    year_after = f" ({year})" if year else ""
    ways = [f"{amount}{year_after} {product}".strip(), f"{product} {amount}{year_after}".strip()]
    if product:
        ways += [f"{product}, {amount}{year_after}", f"{amount} {product}{year_after}"]
        ways += [f"{amount} ({product}{f', {year}' if year else ''})"]
        ways += [f"{amount} ({f'{year}, ' if year else ''}{product})"]
    return draw(st.sampled_from(ways))


@st.composite
def cells(draw: st.DrawFn) -> tuple[str, list[Figure]]:
    """A list of figures, some of which contain others, and the cell that says so."""
    text, expected = "", []
    for number in range(draw(st.integers(1, 4))):
        figure = draw(figures())
        if number:
            text += draw(st.sampled_from(["; ", ";", ", ", " ; "]))
        parts = draw(st.lists(figures(), max_size=3))
        if parts:
            word = draw(st.sampled_from(["containing", "contain", "including", "of which"]))
            text += f"{figure.amount} ({figure.product}, {word} "
            text += ", ".join(draw(written(part)) for part in parts) + ")"
            figure = replace(figure, year=None)
        else:
            text += draw(written(figure))
        expected.append(figure)
        position = len(expected)
        expected += [replace(part, parent=position) for part in parts]
    if draw(st.booleans()):
        text = text.translate(HALF_TO_FULL_WIDTH)
    return text, expected


relaxed = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


@relaxed
@given(cells())
@example(("1t,2t,3t,4t", [Figure(n, n, "t") for n in "1234"]))
@example(("1,000-2,000t/y", [Figure("1,000", "2,000", "t", "/y")]))
def test_figures_come_back(parse_capacity: Parse, cell: tuple[str, list[Figure]]) -> None:
    text, expected = cell
    check_all(expected, parse_capacity(text))


@relaxed
@given(
    st.lists(figures(), min_size=1, max_size=4),
    figures(products=UNNAMED),
    st.sampled_from([". (Total {})", "; total {}"]),
)
def test_total_holds_the_other_figures(
    parse_capacity: Parse, parts: list[Figure], whole: Figure, wrapping: str
) -> None:
    whole = replace(whole, year=None)
    parts = [replace(part, year=None, per_year="") for part in parts]
    text = "; ".join(f"{part.amount} {part.product}" for part in parts) + wrapping.format(whole.amount)
    rows = parse_capacity(text)
    for part, row in zip(parts, rows[:-1], strict=True):
        check(replace(part, parent=len(rows)), row)
        assert row["period_source"] == ("containing_figure" if whole.per_year else "not_stated")
    assert rows[-1]["product"] == "all_products"
    assert rows[-1]["parent_figure_position"] is None


@relaxed
@given(st.lists(figures(products=UNNAMED), min_size=2, max_size=5), st.sampled_from(sorted(PRODUCTS)))
def test_product_before_a_list_holds_for_the_list(
    parse_yield: Parse, amounts: list[Figure], product: str
) -> None:
    text = f"{product} " + ", ".join(f"{figure.amount} ({figure.year or 2020})" for figure in amounts)
    expected = [replace(figure, product=product, year=figure.year or 2020) for figure in amounts]
    rows = parse_yield(text)
    check_all(expected, rows)
    assert all(row["is_per_year"] for row in rows)


@relaxed
@given(st.text("abct0123456789 ,;()~-/.t吨年矿{}|'\\", max_size=40).filter(str.strip))
def test_any_text_keeps_its_cell(parse_capacity: Parse, text: str) -> None:
    rows = parse_capacity(text)
    assert rows
    assert {row["text_as_published"] for row in rows} == {text}
    if any(row["amount_low"] is None for row in rows):
        assert [row["parse_status"] for row in rows] == ["unparsed"]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("not disclosed", "unparsed"),
        ("about 15 trucks", "unparsed"),
        ("5kt/y (REO); see the annual report", "partly_parsed"),
        ("5kt/y (REO, phase 2)", "partly_parsed"),
        ("15kt/t monazite sand", "partly_parsed"),
        ("5kt/y (REO)", "parsed"),
    ],
)
def test_what_is_not_understood_shows(parse_capacity: Parse, text: str, status: str) -> None:
    assert {row["parse_status"] for row in parse_capacity(text)} == {status}


def test_the_same_amount_in_other_words_is_marked(parse_capacity: Parse) -> None:
    rows = parse_capacity("15kt/y monazite sand可以处理1.5万吨独居石砂，约占其矿石处理能力为72万吨/年")
    assert [row["restates_figure_position"] for row in rows] == [None, 1, None]
    assert [row["amount_high_t_per_year"] for row in rows] == [15_000, 15_000, 720_000]
    assert [row["product"] for row in rows] == ["monazite", "monazite", "ore"]


def test_unnamed_equal_amounts_are_not_taken_for_one(parse_capacity: Parse) -> None:
    assert [row["restates_figure_position"] for row in parse_capacity("500t/y; 500t/y")] == [None, None]


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("1,500t/y", [1500]),
        ("1,5kt/y", [1500]),
        ("1,234,567 t", [1_234_567]),
        ("La2O3 20t, 300t Pr6O11", [20, 300]),
        ("2021: 40t; 2022: 50t", [40, 50]),
        ("5kt/y REO and ~50t Dy", [5000, 50]),
        ("２千吨", [2000]),
        ("300kg-1t", [0.3]),
        ("20 000 t/y; 5000 t/y", [20_000, 5000]),
        ("10kt/y~20kt/y", [10_000]),
        ("REO 2021 ~500t", [500]),
        ("Total 9t/y: La2O3 5t, Ce2O3 4t", [9, 5, 4]),
        ("REO: 500t/y, metal: 20t", [500, 20]),
        ("40t (2021)，1900t (2022)", [40, 1900]),
        ("200kg Fe-Nd(Nd80%，Fe20%) metal；6kg NdFeB Magnetic alloy", [0.2, 0.006]),
    ],
)
def test_spelt_amounts(parse_capacity: Parse, text: str, amounts: list[float]) -> None:
    assert [row["amount_low_t"] for row in parse_capacity(text)] == pytest.approx(amounts)
