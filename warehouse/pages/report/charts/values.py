"""What a tonne of ore holds in rare earths, at the prices of one year."""

from __future__ import annotations

import altair as alt
import pandas as pd

from warehouse.columns import symbol
from warehouse.pages.report.figure import Column, Figure, Table
from warehouse.pages.report.style import BLUE, CONFIG, ORANGE

SHOWN = 30
"""Projects drawn; the table has all of them."""

_VALUE = f"in-ground value, {symbol('ore_value_usd_per_t')}"


def value_figure(values: pd.DataFrame) -> Figure:
    """The projects of the highest value per tonne of ore, with the interval of those that are predicted.

    Args:
        values: Projects of ``marts.fct_site_values`` with a value per tonne, the highest first.
    """
    shares = (values["reported_share_pct"] > 0).map({True: "published", False: "predicted"})
    drawn = values.assign(shares=shares).head(SHOWN)
    y = alt.Y("name:N", sort=list(drawn["name"]), title=None, axis=alt.Axis(ticks=False, domain=False))
    colour = alt.Color(
        "shares:N",
        title="Shares are",
        scale=alt.Scale(domain=["published", "predicted"], range=[BLUE, ORANGE]),
    )
    base = alt.Chart(drawn).encode(y=y, color=colour)
    logarithmic = alt.Scale(type="log", nice=False, padding=12)
    ends = base.mark_rule(strokeWidth=2, opacity=0.5).encode(
        x=alt.X("ore_value_lower_90_usd_per_t:Q", title=_VALUE, scale=logarithmic),
        x2="ore_value_upper_90_usd_per_t:Q",
    )
    points = base.mark_point(filled=True, size=55, opacity=1).encode(
        x=alt.X(
            "ore_value_usd_per_t:Q",
            title=_VALUE,
            scale=logarithmic,
            axis=alt.Axis(format=",.0f", labelOverlap=True),
        ),
        tooltip=[
            alt.Tooltip("name:N", title="project"),
            alt.Tooltip("ore_value_usd_per_t:Q", title="US$ per t of ore", format=",.0f"),
            alt.Tooltip("basket_price_usd_per_kg:Q", title="basket, US$ per kg", format=".1f"),
            alt.Tooltip("grade_treo_wt_pct:Q", title="grade, wt-%"),
            alt.Tooltip("priced_share_pct:Q", title="of the basket priced, %", format=".0f"),
        ],
    )
    chart = (
        alt.layer(ends, points)
        .properties(width="container", height=20 * len(drawn))
        .configure(**CONFIG.to_dict())
    )
    listed = ", ".join(
        f"{row.name} {row.ore_value_usd_per_t:,.0f}" for row in drawn.head(5).itertuples(False)
    )
    prices = f"{values['price_release'].iloc[0]}, {values['price_year'].iloc[0]}"
    return Figure(
        key="ore-value",
        title="Value in a tonne of ore",
        alternative=f"Dots of the value in US$ per tonne of ore, highest first: {listed}.",
        caption=(
            f"Prices are those of {prices}; praseodymium and other oxides without a price count nothing. "
            "Lines are 90 % intervals of predicted compositions. It is not what a reserve is worth: nothing "
            "is taken off for losses and costs."
        ),
        spec=chart.to_dict(),
        tables=(_table(values),),
    )


def _table(values: pd.DataFrame) -> Table:
    return Table(
        "ore-value-table",
        "Value in a tonne of ore, and what it is made of",
        (
            Column("name", "project"),
            Column("country_iso3", "country"),
            Column("ore_value_usd_per_t", "value", 0, "US$ per t"),
            Column("ore_value_lower_90_usd_per_t", "from", 0, "US$ per t"),
            Column("ore_value_upper_90_usd_per_t", "to", 0, "US$ per t"),
            Column("basket_price_usd_per_kg", "basket", 1, symbol("basket_price_usd_per_kg")),
            Column("grade_treo_wt_pct", "grade", 2, symbol("grade_treo_wt_pct")),
            Column("priced_share_pct", "priced", 0, symbol("priced_share_pct")),
            Column("reported_share_pct", "published", 0, symbol("reported_share_pct")),
        ),
        values,
    )
