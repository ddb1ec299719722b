"""The model card says what the published file says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from warehouse.build.run import BuildSummary
from warehouse.pages.model_card import _curve, _uneven_coverage, write


@pytest.fixture(scope="module")
def card(built: BuildSummary, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(built.output, tmp_path_factory.mktemp("docs"))


def test_the_card_answers_the_checklist(card: Path, warehouse: duckdb.DuckDBPyConnection) -> None:
    text = card.read_text(encoding="utf-8")
    run_id, seed = warehouse.execute(
        "select model_run_id, seed from marts.dim_model_runs where is_current"
    ).fetchone()
    for words in (
        run_id,
        f"seed {seed}",
        "## The league",
        "## Limits and intended use",
        "| Licence | MIT",
        "Ore Geology Reviews 157, 105428",
        "6.24 %",
        "no such run",
    ):
        assert words in text, words
    assert not re.search(r"\bnan\b|\{\{|\{%", text)


def test_every_model_stands_in_the_league_in_order(card: Path, warehouse: duckdb.DuckDBPyConnection) -> None:
    order = warehouse.execute(
        "select metrics.model_name from marts.fct_model_metrics as metrics "
        "inner join marts.dim_model_runs as runs using (model_run_id) where runs.is_current "
        "and protocol = 'grouped_cv' and metric = 'rmse_pct' and target = 'all' order by metrics.value"
    ).fetchall()
    text = card.read_text(encoding="utf-8").split("## The league")[1].split("\n## ")[0]
    table = [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("| ")]
    assert table[1 : len(order) + 1] == [name for (name,) in order]


def test_every_figure_the_card_shows_was_drawn(card: Path) -> None:
    shown = re.findall(r"\((figures/\w+\.svg)\)", card.read_text(encoding="utf-8"))
    assert "figures/league.svg" in shown
    assert "figures/learning_curve.svg" not in shown
    assert all((card.parent / name).stat().st_size > 1000 for name in shown)


def test_uneven_coverage_is_told_of_families_large_enough() -> None:
    columns = ["protocol", "metric", "target", "stratum", "value", "projects"]
    rows = [
        ("published_intervals", "family_coverage_90", "all", "clay", 0.99, 5),
        ("published_intervals", "family_coverage_90", "all", "placer", 1.0, 4),
        ("published_intervals", "family_coverage_80", "all", "granite", 0.75, 5),
    ]
    found = _uneven_coverage(pd.DataFrame(rows, columns=columns))
    assert json.dumps(found) == json.dumps([{"stratum": "clay", "promised": 90.0, "covered": 99.0}])


def test_the_curve_is_read_from_the_strata() -> None:
    columns = ["protocol", "stratum", "model_name", "value", "standard_error"]
    rows = [
        ("learning_curve", "sites_50", "a", 5.0, 0.5),
        ("learning_curve", "sites_20", "a", 6.0, 0.5),
        ("grouped_cv", "all", "a", 4.0, 0.5),
    ]
    assert [point["sites"] for point in _curve(pd.DataFrame(rows, columns=columns))] == [20, 50]


def test_with_and_without_minerals_stand_side_by_side(
    card: Path, warehouse: duckdb.DuckDBPyConnection
) -> None:
    text = card.read_text(encoding="utf-8").split("## What host minerals do")[1].split("\n## ")[0]
    rows = warehouse.execute(
        "select m.model_name, m.value from marts.fct_model_metrics as m join marts.dim_model_runs as r "
        "using (model_run_id) where is_current and metric = 'rmse_minus_minerals_hidden_pct' "
        "and protocol = 'grouped_cv' and target = 'all' and stratum = 'all'"
    ).fetchall()
    told = {
        cells[1].strip(): cells[4].split("±")[0].strip()
        for cells in (line.split("|") for line in text.splitlines() if line.count("|") == 7)
    }
    assert len(rows) == 9
    for model_name, value in rows:
        assert told[model_name] == f"{value:.2f}"
    for basis in ("stated", "inferred", "none"):
        assert f"\n| {basis} | " in text
    assert "no such run" in text
