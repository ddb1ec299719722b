"""Charts of what the tables hold: continents, heavy rare earths, grade against resource."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from warehouse.columns import symbol
from warehouse.pages.report.charts.world import SHOWN, shown_param
from warehouse.pages.report.figure import Column, Figure, Table, highest_row
from warehouse.pages.report.style import (
    BLUE,
    CONFIG,
    INK,
    MUTED,
    NARROW,
    columns,
    decades,
    family_scales,
    words,
)

_MIN_HEATMAP_PX = 520

_ORE_LINES_T = [1e5, 1e6, 1e7, 1e8, 1e9, 1e10]

_RESOURCE = f"resource, {symbol('resource_treo_t')}"
_GRADE = f"grade, {symbol('grade_treo_wt_pct')}"


def continents_figure(counts: pd.DataFrame) -> Figure:
    """Projects by continent as published.

    Args:
        counts: ``marts.rpt_projects_by_continent``.
    """
    base = alt.Chart(counts).encode(
        x=alt.X("projects:Q", title="projects", axis=alt.Axis(tickMinStep=5, grid=True)),
        y=alt.Y(
            "continent:N",
            sort=list(counts["continent"]),
            title=None,
            axis=alt.Axis(ticks=False, domain=False),
        ),
        tooltip=["continent:N", "projects:Q"],
    )
    numbers = base.mark_text(align="left", dx=5, color=INK, fontSize=12).encode(text="projects:Q")
    chart = (
        alt.layer(base.mark_bar(color=BLUE, height=18), numbers)
        .properties(width="container", height=30 * len(counts))
        .configure(**CONFIG.to_dict())
    )
    listed = ", ".join(f"{row.continent} {row.projects}" for row in counts.itertuples())
    return Figure(
        key="continents",
        title="Projects by continent",
        alternative=f"Bar chart of the number of projects: {listed}.",
        spec=chart.to_dict(),
        tables=(
            Table(
                "continents-table",
                "Projects by continent, as published",
                (Column("continent", "continent"), Column("projects", "projects", 0)),
                counts,
            ),
        ),
    )


def hree_figures(cells: pd.DataFrame) -> tuple[Figure, Figure]:
    """The reference study's table of heavy rare earths: as it was printed, and as percentages.

    Args:
        cells: ``marts.rpt_hree_by_continent_deposit_type``.

    Returns:
        The figure of the printed numbers and that of the right ones, with equal rows and columns.
    """
    printed = _heatmap(
        cells,
        alt.Color(
            "reference_printed_value:Q",
            scale=alt.Scale(type="log", range=["#f2f2f2", "#9a9a9a"]),
            legend=None,
        ),
        text="format(datum.reference_printed_value, '.1e')",
        is_dark="false",
    )
    right = _heatmap(
        cells,
        alt.Color("hree_pct_mean:Q", scale=alt.Scale(domain=[0, 100], range=["#e8f1f8", BLUE]), legend=None),
        text="format(datum.hree_pct_mean, '.1f')",
        is_dark="datum.hree_pct_mean > 45",
    )
    highest = highest_row(cells, "hree_pct_mean")
    largest = highest_row(cells, "reference_printed_value")
    place = f"{len(cells)} cells of continent and deposit type"
    return (
        Figure(
            key="hree-printed",
            title="As the reference study printed it",
            alternative=(
                f"Heat map of {place}. The printed numbers reach {largest['reference_printed_value']:.2e} "
                f"({largest['continent']}, {largest['deposit_type']}): the decimal comma was deleted before "
                "averaging, so they are no percentages."
            ),
            spec=printed,
            min_width_px=_MIN_HEATMAP_PX,
        ),
        Figure(
            key="hree-right",
            title="What the table says: mean share of TREO, %",
            alternative=(
                f"Heat map of {place}. The highest mean share of heavy rare earths is "
                f"{highest['hree_pct_mean']:.1f} % of TREO "
                f"({highest['continent']}, {highest['deposit_type']})."
            ),
            spec=right,
            min_width_px=_MIN_HEATMAP_PX,
        ),
    )


def hree_table(cells: pd.DataFrame) -> Table:
    """The two numbers of each cell side by side."""
    return Table(
        "hree-table",
        "Heavy rare earths (Gd to Lu and Y) by continent and deposit type, both as published",
        (
            Column("continent", "continent"),
            Column("deposit_type", "deposit type", wide=True),
            Column("projects", "projects", 0),
            Column("reference_printed_value", "printed by the reference", 0, "no unit"),
            Column("hree_pct_mean", "mean share", 2, symbol("hree_pct_mean")),
        ),
        cells,
    )


def _heatmap(cells: pd.DataFrame, colour: alt.Color, text: str, is_dark: str) -> Any:
    types = cells.groupby("deposit_type")["projects"].sum().sort_values(ascending=False)
    continents = cells.groupby("continent")["projects"].sum().sort_values(ascending=False)
    base = alt.Chart(cells).encode(
        x=alt.X(
            "continent:N",
            sort=list(continents.index),
            title=None,
            axis=alt.Axis(orient="top", labelAngle=-50, ticks=False, domain=False),
        ),
        y=alt.Y(
            "deposit_type:N",
            sort=list(types.index),
            title=None,
            axis=alt.Axis(labelLimit=170, ticks=False, domain=False),
        ),
        tooltip=[
            alt.Tooltip("continent:N"),
            alt.Tooltip("deposit_type:N", title="deposit type"),
            alt.Tooltip("projects:Q"),
            alt.Tooltip("reference_printed_value:Q", title="printed", format=".4e"),
            alt.Tooltip("hree_pct_mean:Q", title=f"mean share, {symbol('hree_pct_mean')}", format=".2f"),
        ],
    )
    numbers = (
        base.transform_calculate(label=text)
        .mark_text(fontSize=10.5)
        .encode(text="label:N", color=alt.condition(is_dark, alt.value("white"), alt.value(INK)))
    )
    chart = (
        alt.layer(base.mark_rect(stroke="white", strokeWidth=2).encode(color=colour), numbers)
        .properties(
            width="container", height=27 * len(types), padding={"left": 0, "top": 5, "right": 34, "bottom": 5}
        )
        .configure(**CONFIG.to_dict())
    )
    return chart.to_dict()


def grade_figure(projects: pd.DataFrame) -> Figure:
    """Grade against resource on logarithmic axes, with lines of equal ore tonnage.

    Args:
        projects: Projects with ``resource_treo_t`` and ``grade_treo_wt_pct``; those lacking one are left out.
    """
    kept = [
        "id",
        "name",
        "company",
        "family",
        "stage",
        "country_name",
        "resource_treo_t",
        "grade_treo_wt_pct",
    ]
    rows = projects.dropna(subset=["resource_treo_t", "grade_treo_wt_pct"])[kept]
    rows = rows.assign(deposit_family=rows["family"].map(words))
    x_range = rows["resource_treo_t"].min() / 2, rows["resource_treo_t"].max() * 2
    y_range = rows["grade_treo_wt_pct"].min() / 1.6, rows["grade_treo_wt_pct"].max() * 1.6
    x = alt.X(
        "resource_treo_t:Q",
        title=_RESOURCE,
        scale=alt.Scale(type="log", domain=x_range, nice=False),
        axis=alt.Axis(format="~s", values=decades(*x_range)),
    )
    y = alt.Y(
        "grade_treo_wt_pct:Q",
        title=_GRADE,
        scale=alt.Scale(type="log", domain=y_range, nice=False),
        axis=alt.Axis(format="~", values=decades(*y_range)),
    )
    chart = (
        alt.layer(*_ore_lines(x_range, y_range, x, y), _grade_points(rows, x, y))
        .add_params(shown_param())
        .properties(width="container", height=430)
        .configure(**CONFIG.to_dict())
    )
    largest = highest_row(rows, "resource_treo_t")
    richest = highest_row(rows, "grade_treo_wt_pct")
    return Figure(
        key="grade",
        title="Grade against resource",
        alternative=(
            f"Scatter plot on logarithmic axes of the {len(rows)} of {len(projects)} projects that state "
            f"both. Largest resource: {largest['name']}, {largest['resource_treo_t']:,.0f} t TREO. Highest "
            f"grade: {richest['name']}, {richest['grade_treo_wt_pct']:g} wt-%. "
            "The numbers are in the project table."
        ),
        caption=(
            "Dashed lines join deposits of equal ore tonnage: the same metal may lie in little rich ore "
            "(upper left) or much poor ore (lower right)."
        ),
        spec=chart.to_dict(),
    )


def _grade_points(rows: pd.DataFrame, x: alt.X, y: alt.Y) -> Any:
    colour, shape = family_scales(set(rows["family"]))
    legend = alt.Legend(columns=columns(8))
    return (
        alt.Chart(rows, name="points")
        .transform_filter(SHOWN)
        .mark_point(filled=True, opacity=0.85, size=alt.ExprRef(f"{NARROW} ? 40 : 75"))
        .encode(
            x=x,
            y=y,
            color=alt.Color("deposit_family:N", title="Deposit family", scale=colour, legend=legend),
            shape=alt.Shape("deposit_family:N", title="Deposit family", scale=shape, legend=legend),
            tooltip=[
                alt.Tooltip("name:N", title="project"),
                alt.Tooltip("company:N"),
                alt.Tooltip("country_name:N", title="country"),
                alt.Tooltip("deposit_family:N", title="deposit family"),
                alt.Tooltip("stage:N"),
                alt.Tooltip("resource_treo_t:Q", title=_RESOURCE, format=",.0f"),
                alt.Tooltip("grade_treo_wt_pct:Q", title=_GRADE),
            ],
        )
    )


def _ore_lines(
    x_range: tuple[float, float], y_range: tuple[float, float], x: alt.X, y: alt.Y
) -> tuple[Any, Any]:
    """Lines of equal ore: resource (t) = ore (t) x grade (wt-%) / 100, cut to the axes."""
    ends = []
    for ore_t in _ORE_LINES_T:
        low = max(y_range[0], 100 * x_range[0] / ore_t)
        high = min(y_range[1], 100 * x_range[1] / ore_t)
        if low < high:
            label = f"{ore_t / 1e6:,g} Mt ore"
            ends += [
                {
                    "ore": label,
                    "resource_treo_t": ore_t * grade / 100,
                    "grade_treo_wt_pct": grade,
                    "is_top": top,
                }
                for grade, top in ((low, False), (high, True))
            ]
    frame = pd.DataFrame(ends)
    lines = (
        alt.Chart(frame)
        .mark_line(color="#c3cad2", strokeDash=[4, 4], strokeWidth=1)
        .encode(x=x, y=y, detail="ore:N")
    )
    labels = (
        alt.Chart(frame[frame["is_top"]])
        .mark_text(color=MUTED, fontSize=10.5, align="right", dx=-4, dy=8)
        .encode(x=x, y=y, text="ore:N")
    )
    return lines, labels
