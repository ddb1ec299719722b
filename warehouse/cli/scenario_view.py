"""How a demand scenario is printed."""

from __future__ import annotations

from typing import Any

import pandas as pd
from rich.text import Text

from warehouse.cli.console import out, print_rows
from warehouse.scenario.result import Scenario

_SHOWN_YEARS = 5
_CHANGED = "*"


def print_scenario(scenario: Scenario) -> None:
    """Print the balance, the projects in order of merit, the parameters, and the sensitivity if asked for."""
    _say(
        f"Mine production of {scenario.base_year} that goes on: {scenario.counted_t:,.0f} t TREO; "
        f"{scenario.uncounted_t:,.0f} t of countries with no project at work in the tables are not counted."
    )
    for item, year in scenario.first_met.items():
        _say(f"{item}: met in full from {year} for the first time" if year else f"{item}: never met in full")
    _title("Balance, t")
    _print_balance(scenario)
    _title("Produced with it, t of each oxide")
    _print_oxides(scenario)
    _title("Projects in order of merit")
    _print_projects(scenario)
    _title(f"Parameters ({_CHANGED} is not the default)")
    _print_parameters(scenario.parameters)
    if scenario.sensitivity is not None:
        _title("Sensitivity: one parameter moved, t unmet over all years")
        _print_sensitivity(scenario.sensitivity)


def _title(text: str) -> None:
    out.print()
    out.print(Text(text, "bold"))


def _say(text: str) -> None:
    out.print(Text(text), soft_wrap=True)


def _print_balance(scenario: Scenario) -> None:
    balance = scenario.balance
    shown = balance[balance["year"].isin(_shown_years(scenario))]
    names = [
        "item",
        "of",
        "year",
        "demand",
        "recycled",
        "supplied",
        "unmet",
        "unmet, 90 % of draws",
        "surplus",
    ]
    rows = [
        (
            row["item"],
            row["basis"],
            row["year"],
            *(round(row[f"{name}_t"]) for name in ("demand", "recycled", "supplied", "unmet")),
            f"{row['unmet_lower_90_t']:.0f} to {row['unmet_upper_90_t']:.0f}",
            round(row["surplus_t"]),
            round(row["met_in_draws_pct"]),
        )
        for row in shown.to_dict("records")
    ]
    print_rows([*names, f"met in % of {scenario.draws} draws"], rows)


def _print_oxides(scenario: Scenario) -> None:
    oxides, years = scenario.oxides, _shown_years(scenario)
    wide = oxides[oxides["year"].isin(years)].pivot(index="oxide", columns="year", values="produced_t")
    wide = wide.loc[oxides["oxide"].unique()]
    print_rows(
        ["oxide", *map(str, wide.columns)], [(name, *map(round, row)) for name, *row in wide.itertuples()]
    )


def _shown_years(scenario: Scenario) -> set[int]:
    balance = scenario.balance
    return set(balance["year"][balance["is_stated"] | (balance["year"] % _SHOWN_YEARS == 0)])


def _print_projects(scenario: Scenario) -> None:
    projects = scenario.projects
    shown = projects[projects["scenario_role"].isin(("at_work", "called_on"))]
    names = [
        "merit_order",
        "project_id",
        "project_name",
        "country_iso3",
        "scenario_stage",
        "value_usd",
        "rate_treo_t_per_year",
        "rate_basis",
        "earliest_year",
        "start_year",
        "first_supply_year",
    ]
    titles = [
        "order",
        "id",
        "project",
        "country",
        "stage",
        "value",
        "t TREO a year",
        "rate from",
        "earliest",
        "starts",
        "supplies from",
    ]
    rows = [tuple(_plain(row[name]) for name in names) for row in shown.to_dict("records")]
    print_rows(titles, rows)
    spare = (projects["scenario_role"] == "not_needed").sum()
    reasons = projects["left_out_reason"].value_counts().items()
    listed = ", ".join(f"{count} ({reason})" for reason, count in reasons)
    _say(f"Not needed: {spare}. Left out: {listed or 'none'}.")


def _print_parameters(parameters: pd.DataFrame) -> None:
    rows = [
        (
            _CHANGED if row["parameter_value"] != row["default_value"] else "",
            row["parameter"],
            _number(row["parameter_value"]),
            _number(row["default_value"]),
            row["value_unit"],
            row["evidence"],
        )
        for row in parameters.to_dict("records")
    ]
    print_rows(["", "parameter", "value", "default", "unit", "source"], rows)


def _print_sensitivity(found: pd.DataFrame) -> None:
    rows = [
        (
            row["parameter"],
            row["range_end"],
            _number(row["parameter_value"]),
            row["item"],
            round(row["unmet_total_t"]),
            round(row["unmet_change_t"]),
            _plain(row["first_met_year"]) or "never",
        )
        for row in found.to_dict("records")
    ]
    print_rows(["parameter", "end", "value", "item", "unmet", "change", "first met in"], rows)


def _number(value: float) -> str:
    return "" if pd.isna(value) else f"{value:g}"


def _plain(value: Any) -> Any:
    """Return a cell without what pandas has for missing, and amounts as people read them."""
    if pd.isna(value):
        return None
    return round(value, 1 if value < 100 else None) if isinstance(value, float) else value
