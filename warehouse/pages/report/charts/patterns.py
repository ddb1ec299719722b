"""The pattern explorer: one project's rare earths over CI chondrite, before those of its family."""

from __future__ import annotations

import math
from typing import Any

import altair as alt
import pandas as pd

from warehouse.columns import symbol
from warehouse.pages.report.figure import Figure
from warehouse.pages.report.style import BLUE, CONFIG, ORANGE, decades

ORIGINS = {"reported": "published", "completed": "predicted", "predicted": "predicted"}
"""``value_origin`` as the page words it: a completed share is predicted too, beside published ones."""

ORIGIN_WORDS = ["published", "predicted"]

_EXTRAPOLATED = "Outside what the models were trained on: do not rely on its intervals."


def pattern_rows(compositions: pd.DataFrame, projects: pd.DataFrame) -> pd.DataFrame:
    """Give each project and oxide what its pattern shows: ratio to chondrite, interval, origin in words.

    Args:
        compositions: ``marts.composition_best`` with oxides and ratios to chondrite.
        projects: Projects with ``id``, ``name``, ``family`` and ``composition``.

    Returns:
        Frame with ``id``, ``family``, ``is_published`` (all 15 shares are), ``element``, ``pattern_order``,
        ``oxide``, ``origin``, ``best_pct`` and its interval (% of TREO), and ``ratio``, ``lower_90_ratio``,
        ``upper_90_ratio`` (element over CI chondrite; null where the share is zero).
    """
    rows = compositions.rename(columns={"project_id": "id"}).merge(
        projects[["id", "family", "composition"]], on="id"
    )
    rows["ratio"] = rows["ratio"].where(rows["ratio"] > 0)  # the axis is logarithmic
    rows["origin"] = rows["value_origin"].map(ORIGINS)
    rows.loc[rows["value_status"] == "zero_suspect", "origin"] = "printed as 0, probably not analysed"
    return rows.assign(is_published=rows["composition"] == "published")


def pattern_notes(
    compositions: pd.DataFrame, projects: pd.DataFrame, geochemistry: pd.DataFrame
) -> dict[str, str]:
    """Say in words, by project, what a geochemist reads off a pattern and what a prediction rests on.

    Args:
        compositions: ``marts.composition_best``; ``mineral_basis`` is shown where it has the column.
        projects: Projects with ``id`` and ``is_extrapolated``.
        geochemistry: ``marts.fct_project_geochemistry``.
    """
    names = {"la_yb_n": "(La/Yb)N", "eu_anomaly": "Eu/Eu*", "ce_anomaly": "Ce/Ce*"}
    notes = {
        str(row["project_id"]): ", ".join(
            f"{label} {row[name]:.3g}" for name, label in names.items() if pd.notna(row[name])
        )
        for row in geochemistry.to_dict("records")
    }
    if "mineral_basis" in compositions:
        predicted = compositions[~compositions["is_imputed_zero"]].dropna(subset=["mineral_basis"])
        basis = predicted.groupby("project_id")["mineral_basis"].first()
        notes |= {str(key): f"Host minerals the prediction rests on: {word}." for key, word in basis.items()}
    for key in projects.loc[projects["is_extrapolated"], "id"]:
        notes[key] = f"{notes.get(key, '')} {_EXTRAPOLATED}".strip()
    return notes


def ratio_range(rows: pd.DataFrame) -> tuple[float, float]:
    """Bounds of one axis for all projects, so that they can be compared."""
    ratios = rows["ratio"].dropna()
    return 10 ** math.floor(math.log10(ratios.quantile(0.005))), 1.5 * ratios.max()


def pattern_figure(rows: pd.DataFrame, first: str) -> Figure:
    """Draw the explorer.

    Args:
        rows: Frame of `pattern_rows`.
        first: Project shown until the reader chooses.
    """
    floor, ceiling = ratio_range(rows)
    ends = ["lower_90_ratio", "upper_90_ratio"]
    kept = ["id", "family", "is_published", "element", "oxide", "origin", "ratio", *ends]
    kept += ["best_pct", "lower_90_pct", "upper_90_pct"]
    drawn = rows[kept].assign(**{end: rows[end].clip(lower=floor) for end in ends})
    digits = drawn.select_dtypes("float").columns
    drawn[digits] = drawn[digits].map(lambda value: float(f"{value:.4g}"))
    family = rows.loc[rows["id"] == first, "family"].iloc[0]
    elements = list(rows.sort_values("pattern_order")["element"].unique())
    x = alt.X("element:N", sort=elements, title=None, axis=alt.Axis(labelAngle=0, ticks=False))
    y = alt.Y(
        "ratio:Q",
        title="element in TREO / CI chondrite",
        scale=alt.Scale(type="log", domain=[floor, ceiling], clamp=True),
        axis=alt.Axis(format="~s", values=decades(floor, ceiling)),
    )
    base = alt.Chart(drawn)
    chart = (
        alt.layer(_family(base, x, y), *_project(base, x, y))
        .add_params(alt.param(name="project", value=first), alt.param(name="family", value=family))
        .properties(width="container", height=400)
        .configure(**CONFIG.to_dict())
    )
    return Figure(
        key="pattern",
        title="Rare-earth pattern",
        alternative=(
            "Line chart of the 15 rare earths of the chosen project over CI chondrite on a logarithmic axis. "
            "The table beside it gives the same shares with their intervals."
        ),
        caption=(
            "Filled marks are published, hollow ones predicted; bars are 90 % intervals, cut off where they "
            "reach below the axis. Grey lines are the fully published projects of the same deposit family. "
            "Ratios are of the rare-earth oxides alone, so the shape speaks of the mineral, and the height "
            "says nothing of the grade."
        ),
        spec=chart.to_dict(),
    )


def _family(base: alt.Chart, x: alt.X, y: alt.Y) -> Any:
    return (
        base.transform_filter("datum.family === family && datum.is_published && datum.id !== project")
        .transform_filter("isValid(datum.ratio)")
        .mark_line(color="#b9c1ca", strokeWidth=1, opacity=0.75, clip=True)
        .encode(x=x, y=y, detail="id:N")
    )


def _project(base: alt.Chart, x: alt.X, y: alt.Y) -> tuple[Any, ...]:
    chosen = base.transform_filter("datum.id === project")
    valid = chosen.transform_filter("isValid(datum.ratio)")
    origin = alt.Color(
        "origin:N",
        title=None,
        scale=alt.Scale(domain=ORIGIN_WORDS, range=[BLUE, ORANGE]),
    )
    interval = (
        chosen.transform_filter("isValid(datum.lower_90_ratio)")
        .properties(name="intervals")
        .mark_rule(strokeWidth=2.5, opacity=0.45, color=ORANGE, clip=True)
        .encode(x=x, y=alt.Y("lower_90_ratio:Q"), y2="upper_90_ratio:Q")
    )
    line = valid.mark_line(color="#44505c", strokeWidth=1.4).encode(x=x, y=y)
    points = (
        valid.properties(name="shares")
        .mark_point(size=85, opacity=1, strokeWidth=2)
        .encode(
            x=x,
            y=y,
            color=origin,
            shape=alt.Shape(
                "origin:N",
                title=None,
                scale=alt.Scale(domain=ORIGIN_WORDS, range=["circle", "diamond"]),
            ),
            fill=alt.Fill(
                "origin:N", title=None, scale=alt.Scale(domain=ORIGIN_WORDS, range=[BLUE, "white"])
            ),
            tooltip=[
                alt.Tooltip("oxide:N"),
                alt.Tooltip("origin:N"),
                alt.Tooltip("best_pct:Q", title=f"share, {symbol('best_pct')}", format=".3f"),
                alt.Tooltip("lower_90_pct:Q", title="90 % interval from", format=".3f"),
                alt.Tooltip("upper_90_pct:Q", title="to", format=".3f"),
            ],
        )
    )
    return interval, line, points
