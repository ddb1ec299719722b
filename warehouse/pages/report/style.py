"""Colours, shapes, order and words that every chart of the report shares."""

from __future__ import annotations

import math

import altair as alt

FAMILY_MARKS = {
    "carbonatite": ("#0072B2", "circle"),
    "alkaline": ("#D55E00", "triangle-up"),
    "hydrothermal_iocg": ("#009E73", "square"),
    "placer": ("#E69F00", "diamond"),
    "ionic_clay": ("#CC79A7", "triangle-down"),
    "granite": ("#56B4E9", "cross"),
    "other": ("#4D4D4D", "triangle-right"),
    "unknown": ("#8C8C8C", "triangle-left"),
}
"""Colour (Okabe and Ito 2008, safe for colour-blind readers; greys for the rest) and shape of a family."""

STAGE_SHAPES = {
    "production": "circle",
    "construction": "square",
    "development licence": "diamond",
    "feasibility": "triangle-up",
    "metallurgical test": "triangle-right",
    "exploration": "triangle-down",
    "suspended": "cross",
    "not used": "M-1,-1L1,1M1,-1L-1,1",
    "not stated": "M-1,0L1,0",
}
"""Shape of a project's stage, furthest first; the last two are strokes, as nothing goes on there."""

INK, MUTED, RULE, LAND = "#1d2733", "#5b6673", "#d9dee4", "#e7eaee"
BLUE, ORANGE = "#0072B2", "#D55E00"

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

CONFIG = alt.Config(
    background="transparent",
    font=FONT,
    view=alt.ViewConfig(stroke=None),
    axis=alt.AxisConfig(
        domainColor="#aab3bd",
        gridColor=RULE,
        labelColor=MUTED,
        labelFontSize=12,
        tickColor="#aab3bd",
        titleColor=INK,
        titleFontSize=12,
        titleFontWeight="normal",
        titlePadding=8,
    ),
    legend=alt.LegendConfig(
        labelColor=INK,
        labelFontSize=12,
        titleColor=MUTED,
        titleFontSize=12,
        titleFontWeight="normal",
        orient="top",
        columnPadding=14,
        symbolSize=70,
        symbolStrokeWidth=1.6,
    ),
)

NARROW = "width < 520"
"""Vega expression: the chart is as narrow as a phone."""


def words(name: str) -> str:
    """Turn a name of the warehouse into words: ``hydrothermal_iocg`` into ``hydrothermal iocg``."""
    return name.replace("_", " ").replace("iocg", "IOCG")


def family_order(families: set[str]) -> list[str]:
    """Put deposit families in the report's order; one it does not know comes last."""
    return [f for f in FAMILY_MARKS if f in families] + sorted(families - set(FAMILY_MARKS))


def stage_order(stages: set[str]) -> list[str]:
    """Put project stages in the report's order; one it does not know comes last."""
    return [s for s in STAGE_SHAPES if s in stages] + sorted(stages - set(STAGE_SHAPES))


def family_scales(families: set[str]) -> tuple[alt.Scale, alt.Scale]:
    """Scales of colour and shape over families as worded."""
    order = family_order(families)
    marks = [FAMILY_MARKS.get(family, FAMILY_MARKS["unknown"]) for family in order]
    labels = [words(family) for family in order]
    return (
        alt.Scale(domain=labels, range=[colour for colour, _ in marks]),
        alt.Scale(domain=labels, range=[shape for _, shape in marks]),
    )


def columns(wide: int, narrow: int = 2) -> alt.ExprRef:
    """Columns of a legend: fewer on a phone or a sheet of paper."""
    return alt.ExprRef(f"{NARROW} ? {narrow} : width < 950 ? {2 * narrow} : {wide}")


def decades(low: float, high: float) -> list[float]:
    """Powers of ten from ``low`` to ``high``: the ticks of a logarithmic axis."""
    return [10.0**power for power in range(math.ceil(math.log10(low)), math.floor(math.log10(high)) + 1)]
