"""One scoring rule for every hint and proposal."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import duckdb
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from warehouse.errors import ReeError
from warehouse.file.describe import describe
from warehouse.file.likeness import CANDIDATES, HINTS, candidates, hints, likeness, plain
from warehouse.predict.rows import _known

NAMES = ["Mount Weld", "Mount Weld Plant", "Bayan Obo", "Araxá", "Kvanefjeld (Ilimaussaq)", "Monte Muambe"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mont Wedl", ["Mount Weld", "Mount Weld Plant"]),
        ("byan-obo", ["Bayan Obo"]),
        ("ARAXA", ["Araxá"]),
        ("kvanefield", ["Kvanefjeld (Ilimaussaq)"]),
        ("xyz", []),
    ],
)
def test_hints_come_by_likeness_and_only_where_there_is_some(text: str, found: list[str]) -> None:
    assert hints(text, NAMES) == found


def test_hints_are_few_and_candidates_more() -> None:
    names = [f"Mount {letter}" for letter in "abcdefghijklmnop"]

    assert len(hints("Mount q", names)) == HINTS
    assert len(candidates("Mount q", names)) == CANDIDATES


def test_a_candidate_is_offered_however_unlike_with_its_score() -> None:
    unlike, like = candidates("xyz", NAMES)[0], candidates("Bayan obo", NAMES)[0]

    assert candidates("Bayan obo", {"Bayan Obo": "elsewhere"}) == [like]
    assert (like.text, like.score) == ("Bayan Obo", 100.0)
    assert 0 < unlike.score < 60


def test_what_is_compared_may_be_another_text_than_the_name() -> None:
    assert hints("weld", {"p001": 1, "p002": 2}, {"p001": "Mount Weld", "p002": "Bayan Obo"}.__getitem__) == [
        "p001"
    ]


@given(st.text())
@example("℡")
def test_plain_text_has_neither_case_nor_accents_nor_signs(text: str) -> None:
    once = plain(text)

    assert plain(once) == once
    assert all(c.isalnum() or c == " " for c in once)
    assert plain(unicodedata.normalize("NFD", text)) == plain(unicodedata.normalize("NFC", text))


def test_a_layer_that_many_tables_share_is_no_likeness(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "ree.duckdb")) as connection:
        for name in ("fct_compositions", "fct_supply_chains", "dim_oxides", "fct_prices_paid"):
            connection.execute(f"create table {name} (a integer)")
        with pytest.raises(ReeError, match=r"near are main\.fct_prices_paid;"):
            describe(connection, "fct_prices")
        with pytest.raises(ReeError, match=r"near are main\.dim_oxides;"):
            describe(connection, "dim_oxydes")


def test_likeness_is_letter_by_letter_and_of_both_sides() -> None:
    assert likeness("mount weld", "mount weld") == 100.0
    assert likeness("mount weld", "weld") == likeness("weld", "mount weld") < 100.0
    assert likeness("abc", "xyz") == 0.0


def test_values_that_are_not_known_come_with_those_that_are_near() -> None:
    assert _known("carbonatit", ["Carbonatite", "Placer"], "a.b") == "use a known one (near: Carbonatite)"
    assert _known("xyz", ["Carbonatite", "Placer"], "a.b") == "use one that a.b lists"
