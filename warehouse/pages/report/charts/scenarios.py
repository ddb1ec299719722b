"""Demand scenarios: who supplies in each year, and what stays unmet."""

from __future__ import annotations

import altair as alt
import pandas as pd

from warehouse.pages.report.figure import Choice, Column, Figure, Table
from warehouse.pages.report.style import CONFIG, ORANGE, columns, words

UNMET, RECYCLED = "unmet", "recycled"

_PARTS = {
    "production": "#08306b",
    "restart": "#08519c",
    "construction": "#2171b5",
    "announced": "#4292c6",
    "development licence": "#6baed6",
    "feasibility": "#9ecae1",
    "metallurgical test": "#c6dbef",
    "suspended": "#bdbdbd",
    "exploration": "#dadaeb",
    "not stated": "#efedf5",
    "not used": "#f7f7f7",
    RECYCLED: "#74a65a",
    UNMET: ORANGE,
}
"""Colours of what a demand is made up of, the surest supply darkest."""


def scenario_parts(balance: pd.DataFrame, stages: pd.DataFrame) -> pd.DataFrame:
    """Divide each year's demand into what projects of each stage supply, what is recycled and what is unmet.

    Args:
        balance: ``marts.fct_scenario_balance``.
        stages: What is supplied by scenario, item, year and stage.

    Returns:
        One row per scenario, item, year and part with ``tonnes``; those of a year add up to the demand.
    """
    keys = ["scenario", "item", "year"]
    supplied = stages.assign(part=stages["scenario_stage"].map(words), tonnes=stages["supplied_t"])
    others = [
        balance.assign(part=part, tonnes=balance[f"{part}_t"]).query("tonnes > 0")
        for part in (RECYCLED, UNMET)
    ]
    kept = [*keys, "part", "tonnes"]
    parts = pd.concat([supplied[kept], *(other[kept] for other in others)], ignore_index=True)
    return parts.assign(
        question=parts["scenario"] + ": " + parts["item"],
        part_order=parts["part"].map({part: place for place, part in enumerate(_PARTS)}),
    )


def scenario_figure(balance: pd.DataFrame, stages: pd.DataFrame, projects: pd.DataFrame) -> Figure:
    """The demand of a scenario by year, divided into its parts.

    Args:
        balance: ``marts.fct_scenario_balance``.
        stages: What is supplied by scenario, item, year and stage.
        projects: Projects that supply, with the year they start, in order of merit.
    """
    parts = scenario_parts(balance, stages)
    there = [part for part in _PARTS if part in set(parts["part"])]
    scale = alt.Scale(domain=there, range=[_PARTS[part] for part in there])
    questions = list(dict.fromkeys(parts["question"]))
    first = questions[0] if questions else ""
    chart = (
        alt.Chart(parts)
        .transform_filter("datum.question === question")
        .mark_bar()
        .encode(
            x=alt.X("year:O", title=None, axis=alt.Axis(labelOverlap=True, labelAngle=0)),
            y=alt.Y(
                "sum(tonnes):Q",
                title="demand, t a year",
                axis=alt.Axis(labelExpr="format(datum.value, '~s')"),
            ),
            color=alt.Color("part:N", title="met by", scale=scale, legend=alt.Legend(columns=columns(6))),
            order=alt.Order("part_order:Q"),
            tooltip=[
                alt.Tooltip("year:O"),
                alt.Tooltip("part:N", title="met by"),
                alt.Tooltip("sum(tonnes):Q", title="t", format=",.0f"),
            ],
        )
        .add_params(alt.param(name="question", value=first))
        .properties(width="container", height=320)
        .configure(**CONFIG.to_dict())
    )
    return Figure(
        key="scenario",
        title="Demand and who meets it",
        alternative=f"Stacked bars of the demand by year. {_told(balance)}",
        caption=(
            "A bar is the demand of a year. Production as it is comes first, then projects by stage and "
            "value. What is unmet is so with the best compositions; the table says how often draws meet it."
        ),
        spec=dict(chart.to_dict()),
        choices=(Choice("question", "Scenario", {question: question for question in questions}),),
        tables=(_balance_table(balance), _project_table(projects)),
    )


def _told(balance: pd.DataFrame) -> str:
    stated = balance[balance["is_stated"]]
    return " ".join(
        f"{row.scenario}, {row.item}, {row.year}: {row.demand_t:,.0f} t of {row.basis}, "
        f"{row.unmet_t:,.0f} t unmet."
        for row in stated.itertuples()
    )


def _balance_table(balance: pd.DataFrame) -> Table:
    return Table(
        "scenario-balance-table",
        "Demand, supply and what stays unmet",
        (
            Column("scenario", "scenario"),
            Column("item", "item"),
            Column("basis", "tonnes of"),
            Column("year", "year"),
            Column("demand_t", "demand", 0, "t"),
            Column("supplied_t", "supplied", 0, "t"),
            Column("unmet_t", "unmet", 0, "t"),
            Column("unmet_lower_90_t", "5 % of draws below", 0, "t"),
            Column("unmet_upper_90_t", "5 % of draws above", 0, "t"),
            Column("met_in_draws_pct", "draws in which met", 0, "%"),
        ),
        balance,
    )


def _project_table(projects: pd.DataFrame) -> Table:
    return Table(
        "scenario-projects-table",
        "Projects in order of merit",
        (
            Column("scenario", "scenario"),
            Column("merit_order", "order", 0),
            Column("project_name", "project"),
            Column("country_iso3", "country"),
            Column("scenario_stage", "stage"),
            Column("value_usd", "value", 1, "US$ per t of ore"),
            Column("rate_treo_t_per_year", "rate", 0, "t TREO per year"),
            Column("rate_basis", "rate from"),
            Column("start_year", "starts"),
        ),
        projects.assign(scenario_stage=projects["scenario_stage"].map(words)),
    )
