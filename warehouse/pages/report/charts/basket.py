"""What lies in the ground: contained magnet rare earths by country and stage."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from warehouse.pages.report.charts.patterns import ORIGINS
from warehouse.pages.report.figure import Choice, Column, Figure, Table
from warehouse.pages.report.style import BLUE, CONFIG, ORANGE, stage_order

MEASURES = {
    "ndpr": "Nd and Pr oxide (NdPr)",
    "magnet": "Nd, Pr, Tb and Dy oxide (magnet)",
    "tbdy": "Tb and Dy oxide",
}

ALL_STAGES, ALL_COUNTRIES = "all stages", "all countries"

_SHORT = {"ndpr": "NdPr", "magnet": "magnet", "tbdy": "TbDy"}
_ORIGINS = ("published", "predicted")


def contained(compositions: pd.DataFrame, projects: pd.DataFrame) -> pd.DataFrame:
    """Tonnes of magnet rare-earth oxides that the projects' resources contain.

    A project's resource (t TREO) times the best share of an oxide (% of TREO); published and predicted
    shares are kept apart. Projects whose printed shares are on another basis are left out.

    Args:
        compositions: ``marts.composition_best`` with the facts of ``marts.dim_oxides``.
        projects: Placed projects; those without a resource are left out.

    Returns:
        One row per country, stage, measure (`MEASURES`) and origin with ``contained_t`` and ``projects``.
    """
    is_counted = compositions["is_magnet"] & (compositions["share_basis"] != "other")
    shares = compositions[is_counted].rename(columns={"project_id": "id"})
    amounts = shares.merge(projects.dropna(subset=["resource_treo_t"]), on="id")
    amounts = amounts.assign(
        contained_t=amounts["resource_treo_t"] * amounts["closed_pct"] / 100,
        origin=amounts["value_origin"].map(ORIGINS),
        country=amounts["country_name"].fillna("not stated"),
    )
    members = {"ndpr": amounts["is_ndpr"], "magnet": amounts["is_magnet"], "tbdy": ~amounts["is_ndpr"]}
    parts = [amounts[is_member].assign(measure=name) for name, is_member in members.items()]
    keys = ["country", "stage", "measure", "origin"]
    grouped = pd.concat(parts).groupby(keys, as_index=False)
    return grouped.agg(contained_t=("contained_t", "sum"), projects=("id", "nunique"))


def basket_figures(amounts: pd.DataFrame) -> tuple[Figure, Figure]:
    """Contained tonnes by country and by stage, of one measure at a time.

    Args:
        amounts: Frame of `contained`.

    Returns:
        The figure by country, which can be narrowed to a stage, and that by stage, to a country.
    """
    ndpr = amounts[amounts["measure"] == "ndpr"]
    by_country = ndpr.groupby("country")["contained_t"].sum().sort_values(ascending=False)
    by_stage = ndpr.groupby("stage")["contained_t"].sum()
    by_stage = by_stage.loc[stage_order(set(by_stage.index))]
    by_origin = ndpr.groupby("origin")["contained_t"].sum()
    share = 100 * by_origin.get("predicted", 0.0) / by_origin.sum()
    oxides = Choice("measure", "Oxides", {label: name for name, label in MEASURES.items()})
    return (
        Figure(
            key="basket-country",
            title="By country",
            alternative=(
                "Bar chart of contained oxide by country, published and predicted shares apart. NdPr, all "
                f"stages: {_listed(by_country.head(5))}; {share:.0f} % of the total of "
                f"{by_origin.sum() / 1e3:,.0f} kt rests on predicted shares."
            ),
            spec=_bars(amounts, "country", list(by_country.index), "stage", ALL_STAGES),
            choices=(oxides, _choice("stage", "Stage", ALL_STAGES, list(by_stage.index))),
        ),
        Figure(
            key="basket-stage",
            title="By stage",
            alternative=(
                "Bar chart of contained oxide by stage, published and predicted shares apart. NdPr, all "
                f"countries: {_listed(by_stage)}."
            ),
            spec=_bars(amounts, "stage", list(by_stage.index), "country", ALL_COUNTRIES),
            choices=(oxides, _choice("country", "Country", ALL_COUNTRIES, sorted(by_country.index))),
        ),
    )


def _choice(signal: str, label: str, everything: str, values: list[str]) -> Choice:
    return Choice(signal, label, {value: value for value in (everything, *values)})


def _listed(amounts_t: pd.Series[float]) -> str:
    return ", ".join(f"{name} {tonnes / 1e3:,.0f} kt" for name, tonnes in amounts_t.items())


def _bars(amounts: pd.DataFrame, by: str, order: list[str], narrowed: str, everything: str) -> dict[str, Any]:
    origins = alt.Scale(domain=list(_ORIGINS), range=[BLUE, ORANGE])
    chart = (
        alt.Chart(amounts)
        .transform_filter("datum.measure === measure")
        .transform_filter(f"{narrowed} === '{everything}' || datum.{narrowed} === {narrowed}")
        .transform_aggregate(contained_t="sum(contained_t)", projects="sum(projects)", groupby=[by, "origin"])
        .mark_bar(height=10)
        .encode(
            x=alt.X(
                "contained_t:Q",
                title="contained oxide, t",
                axis=alt.Axis(labelExpr="format(datum.value, '~s')", tickCount=5),
            ),
            y=alt.Y(
                f"{by}:N",
                title=None,
                sort=order,
                scale=alt.Scale(domain=order),
                axis=alt.Axis(ticks=False, domain=False),
            ),
            yOffset=alt.YOffset("origin:N", scale=alt.Scale(domain=list(_ORIGINS))),
            color=alt.Color("origin:N", title="Shares are", scale=origins),
            tooltip=[
                alt.Tooltip(f"{by}:N"),
                alt.Tooltip("origin:N", title="shares"),
                alt.Tooltip("contained_t:Q", title="contained oxide, t", format=",.0f"),
                alt.Tooltip("projects:Q"),
            ],
        )
        .add_params(alt.param(name="measure", value="ndpr"), alt.param(name=narrowed, value=everything))
        .properties(width="container", height=27 * len(order) + 60)
        .configure(**CONFIG.to_dict())
    )
    return dict(chart.to_dict())


def basket_table(amounts: pd.DataFrame) -> Table:
    """Country and stage in rows, measure and origin in columns."""
    wide = amounts.pivot_table(
        index=["country", "stage"], columns=["measure", "origin"], values="contained_t", aggfunc="sum"
    )
    wide.columns = pd.Index(["_".join(pair) for pair in wide.columns])
    rows = wide.reset_index()
    names = [(f"{m}_{origin}", f"{m_label} {origin}") for m, m_label in _SHORT.items() for origin in _ORIGINS]
    columns = tuple(Column(name, label, 0, "t") for name, label in names if name in rows)
    return Table(
        "basket-table",
        "Contained oxide by country and stage, published and predicted shares apart",
        (Column("country", "country"), Column("stage", "stage"), *columns),
        rows,
    )
