from __future__ import annotations

import json
import math

import duckdb
import pytest

from tests.terminal import ree
from warehouse.build.run import BuildSummary
from warehouse.cli.card_view import BAR_CELLS, bar
from warehouse.errors import ReeError
from warehouse.file.card import make_card
from warehouse.file.lookup import find_record


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("liu2023-p001", "liu2023-p001"),
        ("LIU2023-F01", "liu2023-f01"),
        ("p1", "liu2023-p001"),
        ("f2", "liu2023-f02"),
        ("22", "liu2023-p022"),
        ("mount  weld", "liu2023-p001"),
        ("Mount Weld Plant", "liu2023-f01"),
        ("wolverine", "liu2023-p022"),
    ],
)
def test_a_record_is_found_by_what_people_call_it(
    warehouse: duckdb.DuckDBPyConnection, asked: str, found: str
) -> None:
    assert find_record(warehouse, asked).id == found


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("Mont Wedl", "near are Mount Weld (liu2023-p001)"),
        ("Mangaroon", "may mean 2 records: Mangaroon (liu2023-p049), Mangaroon (liu2023-p133)"),
        ("999", "no project or plant is called"),
        (" ", "no project or plant is called"),
    ],
)
def test_an_unknown_or_ambiguous_name_is_answered_with_names(
    warehouse: duckdb.DuckDBPyConnection, asked: str, words: str
) -> None:
    with pytest.raises(ReeError) as caught:
        find_record(warehouse, asked)

    assert words in str(caught.value)


def test_every_record_has_a_card(built: BuildSummary, warehouse: duckdb.DuckDBPyConnection) -> None:
    from rich.console import Console

    from warehouse.cli.card_view import print_card
    from warehouse.file.lookup import all_records

    records = all_records(warehouse)
    assert len(records) == 146 + 67
    for record in records:
        console = Console(width=110)
        with console.capture() as captured:
            print_card(make_card(warehouse, record), console)
        assert record.id in captured.get()
        assert "None" not in captured.get(), record.id


def test_the_card_holds_what_the_marts_hold(
    built: BuildSummary, warehouse: duckdb.DuckDBPyConnection
) -> None:
    card = json.loads(ree("show", "liu2023-p025", "--json", "--file", str(built.output)).stdout)
    best = dict(
        warehouse.execute(
            "select oxide, best_pct from marts.composition_best where project_id = 'liu2023-p025'"
        ).fetchall()
    )

    assert {line["oxide"]: line["best_pct"] for line in card["composition"]} == best
    assert {line["value_origin"] for line in card["composition"]} == {"predicted"}
    assert [line["target"] for line in card["sums"]] == ["hree", "ndpr", "magnet"]
    hree = sum(
        best[oxide]
        for (oxide,) in warehouse.execute("select oxide from marts.dim_oxides where is_hree").fetchall()
    )
    assert card["sums"][0]["best_pct"] == pytest.approx(hree)
    assert len(card["same_site"]) == 6
    assert [found["finding_type"] for found in card["findings"]] == ["same_site"]
    assert [chain["plant_id"] if "plant_id" in chain else chain["path"] for chain in card["supply_chains"]]
    assert card["minerals"][0]["mineral"] == "xenotime"
    differences = [other["difference_rms_pct"] for other in card["most_alike"]]
    assert differences == sorted(differences)


def test_likeness_is_the_root_mean_square_over_oxides(warehouse: duckdb.DuckDBPyConnection) -> None:
    nearest = make_card(warehouse, find_record(warehouse, "p1"))["most_alike"][0]
    shares = [
        dict(
            warehouse.execute(
                "select oxide, best_pct from marts.composition_best where project_id = ?", [i]
            ).fetchall()
        )
        for i in ("liu2023-p001", nearest["project_id"])
    ]
    squares = [(shares[0][oxide] - shares[1][oxide]) ** 2 for oxide in shares[0]]

    assert nearest["difference_rms_pct"] == pytest.approx(math.sqrt(sum(squares) / 15))


def test_the_card_in_the_terminal_names_every_part(built: BuildSummary) -> None:
    shown = ree("show", "Mount", "Weld", "--file", str(built.output)).stdout

    for words in ("Lynas", "Carbonatite", "3,000,000 t TREO", "5.4 wt-%", "reported", "monazite, stated"):
        assert words in shown
    assert "Mount Weld → Mount Weld Plant → Kuantan Plant" in shown
    plant = ree("show", "liu2023-f01", "--file", str(built.output)).stdout
    assert "66,000 t per year of concentrate" in plant
    cited = ree("show", "liu2023-p003", "--file", str(built.output)).stdout
    assert "composition: Jaireth; et al. (2014), Geological setting and resources" in cited


def test_a_bar_marks_the_share_within_its_interval() -> None:
    drawn = bar(25, 16, 36, 100)

    assert len(drawn) == BAR_CELLS
    assert drawn.index("●") == round(0.5 * (BAR_CELLS - 1))
    assert drawn.index("─") == round(0.4 * (BAR_CELLS - 1))
    assert drawn.rindex("─") == round(0.6 * (BAR_CELLS - 1))
    assert bar(0, None, None, 50).strip() == "●"
