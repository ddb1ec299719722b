"""What lies in the ground: contained magnet rare earths by country and stage."""

from __future__ import annotations

import altair as alt
import pandas as pd

from warehouse.report.charts.patterns import ORIGINS
from warehouse.report.figure import Choice, Column, Figure, Table
from warehouse.report.style import BLUE, CONFIG, NARROW, ORANGE, stage_order

MEASURES = {
    "ndpr": "Nd and Pr oxide (NdPr)",
    "magnet": "Nd, Pr, Tb and Dy oxide (magnet)",
    "tbdy": "Tb and Dy oxide",
}

ALL_STAGES = "all stages"


def contained(compositions: pd.DataFrame, projects: pd.DataFrame) -> pd.DataFrame:
    """Tonnes of magnet rare-earth oxides that the projects' resources contain.

    A project's resource (t TREO) times the best share of an oxide (% of TREO); published and predicted
    shares are kept apart.

    Args:
        compositions: ``marts.composition_best`` with the facts of ``marts.dim_oxides``.
        projects: Placed projects; those without a resource are left out.

    Returns:
        One row per country, stage, measure (`MEASURES`) and origin with ``contained_t`` and ``projects``.
    """
    shares = compositions[compositions["is_magnet"]].rename(columns={"project_id": "id"})
    amounts = shares.merge(projects.dropna(subset=["resource_treo_t"]), on="id")
    amounts = amounts.assign(
        contained_t=amounts["resource_treo_t"] * amounts["best_pct"] / 100,
        origin=amounts["value_origin"].map(ORIGINS),
        country=amounts["country_name"].fillna("not stated"),
    )
    members = {"ndpr": amounts["is_ndpr"], "magnet": amounts["is_magnet"], "tbdy": ~amounts["is_ndpr"]}
    parts = [amounts[is_member].assign(measure=name) for name, is_member in members.items()]
    keys = ["country", "stage", "measure", "origin"]
    grouped = pd.concat(parts).groupby(keys, as_index=False)
    return grouped.agg(contained_t=("contained_t", "sum"), projects=("id", "nunique"))


def basket_figure(amounts: pd.DataFrame) -> Figure:
    """Contained tonnes by country, of one measure and stage at a time.

    Args:
        amounts: Frame of `contained`.
    """
    totals = amounts[amounts["measure"] == "ndpr"].groupby(["country", "origin"])["contained_t"].sum()
    by_country = totals.groupby("country").sum().sort_values(ascending=False)
    stages = stage_order(set(amounts["stage"]))
    chart = (
        alt.Chart(amounts)
        .transform_filter("datum.measure === measure")
        .transform_filter(f"stage === '{ALL_STAGES}' || datum.stage === stage")
        .transform_aggregate(
            contained_t="sum(contained_t)", projects="sum(projects)", groupby=["country", "origin"]
        )
        .mark_bar(height=11)
        .encode(
            x=alt.X(
                "contained_t:Q",
                title="contained oxide, t",
                axis=alt.Axis(format="~s", tickCount=alt.ExprRef(f"{NARROW} ? 4 : 8")),
            ),
            y=alt.Y(
                "country:N",
                title=None,
                sort=list(by_country.index),
                scale=alt.Scale(domain=list(by_country.index)),
                axis=alt.Axis(ticks=False, domain=False),
            ),
            yOffset=alt.YOffset("origin:N", scale=alt.Scale(domain=["published", "predicted"])),
            color=alt.Color(
                "origin:N",
                title="Shares are",
                scale=alt.Scale(domain=["published", "predicted"], range=[BLUE, ORANGE]),
            ),
            tooltip=[
                alt.Tooltip("country:N"),
                alt.Tooltip("origin:N", title="shares"),
                alt.Tooltip("contained_t:Q", title="contained oxide, t", format=",.0f"),
                alt.Tooltip("projects:Q"),
            ],
        )
        .add_params(alt.param(name="measure", value="ndpr"), alt.param(name="stage", value=ALL_STAGES))
        .properties(width="container", height=30 * len(by_country))
        .configure(**CONFIG.to_dict())
    )
    by_origin = totals.groupby("origin").sum()
    share = 100 * by_origin.get("predicted", 0.0) / by_origin.sum()
    listed = ", ".join(f"{country} {tonnes / 1e3:,.0f} kt" for country, tonnes in by_country.head(5).items())
    return Figure(
        key="basket",
        title="Magnet rare earths in the ground, by country",
        alternative=(
            f"Bar chart of contained oxide by country, published and predicted shares apart. NdPr, "
            f"all stages: {listed}; {share:.0f} % of the total of {by_origin.sum() / 1e3:,.0f} kt rests on "
            "predicted shares."
        ),
        caption=(
            "Resource times share, nothing taken off for recovery. Projects that state no resource are not "
            "in it; two that print one and the same resource are counted twice, as published."
        ),
        spec=chart.to_dict(),
        tables=(basket_table(amounts),),
        choices=(
            Choice("measure", "Oxides", {label: name for name, label in MEASURES.items()}),
            Choice("stage", "Stage", {ALL_STAGES: ALL_STAGES} | {stage: stage for stage in stages}),
        ),
    )


def basket_table(amounts: pd.DataFrame) -> Table:
    """Country and stage in rows, measure and origin in columns."""
    wide = amounts.pivot_table(
        index=["country", "stage"], columns=["measure", "origin"], values="contained_t", aggfunc="sum"
    )
    wide.columns = [f"{measure}_{origin}" for measure, origin in wide.columns]
    rows = wide.reset_index()
    names = [(f"{m}_{origin}", f"{m_label} {origin}") for m, m_label in _SHORT.items() for origin in _ORIGINS]
    columns = tuple(Column(name, label, 0, "t") for name, label in names if name in rows)
    return Table(
        "basket-table",
        "Contained oxide by country and stage, published and predicted shares apart",
        (Column("country", "country"), Column("stage", "stage"), *columns),
        rows,
    )


_SHORT = {"ndpr": "NdPr", "magnet": "magnet", "tbdy": "TbDy"}
_ORIGINS = ("published", "predicted")
