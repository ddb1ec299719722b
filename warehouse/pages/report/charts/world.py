"""The map: projects, plants and the supply lines between them."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from warehouse.pages.report.figure import Column, Figure, Table
from warehouse.pages.report.style import (
    CONFIG,
    INK,
    LAND,
    MUTED,
    NARROW,
    STAGE_SHAPES,
    columns,
    family_scales,
    stage_order,
    words,
)

SHOWN = "shown === null || indexof(shown, datum.id) >= 0"
"""Vega expression: the page's filters let the row through."""

PLANT_SHAPE = "M0,-1L0.87,-0.5L0.87,0.5L0,1L-0.87,0.5L-0.87,-0.5Z"

_SHRINKAGE = "pow(clamp(width / 1100, 0.45, 1), 2)"
"""Vega expression: how much smaller marks are drawn on a narrow map."""

_CENTRE_DEG = 11
"""Meridian in the middle of the map, so that its edge runs between Asia and America."""


def shown_param() -> alt.Parameter:
    """Ids that the page's filters let through; null while nothing is filtered."""
    return alt.param(name="shown", value=None)


def map_figure(
    projects: pd.DataFrame, plants: pd.DataFrame, lines: pd.DataFrame, topology: dict[str, Any]
) -> Figure:
    """Draw the map.

    Args:
        projects: Placed projects.
        plants: Placed plants.
        lines: Supply edges with both ends located, of `located_edges`.
        topology: Country outlines as TopoJSON.
    """
    drawn_projects, drawn_plants = _drawn(projects), _drawn(plants)
    chart = (
        alt.layer(_land(topology), _lines(lines), _plants(drawn_plants), _projects(drawn_projects))
        .add_params(shown_param())
        .project("naturalEarth1", rotate=[-_CENTRE_DEG, 0, 0])
        .resolve_scale(shape="independent")
        .properties(width="container", height=460)
        .configure(**CONFIG.to_dict())
    )
    countries = projects.loc[projects["longitude_deg"].notna(), "country_name"].value_counts()
    most = ", ".join(f"{country} {count}" for country, count in countries.head(5).items())
    return Figure(
        key="world",
        title="Projects, plants and the lines of supply between them",
        alternative=(
            f"World map of {len(drawn_projects)} projects in {len(countries)} countries and "
            f"{len(drawn_plants)} plants. Most projects: {most}. {len(lines)} supply lines have both ends on "
            "the map. Every project is a row of the project table below."
        ),
        caption=(
            "Colour is the deposit family, shape the stage. Marks are set about the middle of their country. "
            "Hexagons are plants; lines join the ends of the supply references."
        ),
        spec=chart.to_dict(),
        aspect=0.46,
    )


def located_edges(
    edges: pd.DataFrame, records: pd.DataFrame, middles_deg: dict[str, tuple[float, float]]
) -> pd.DataFrame:
    """Find both ends of each supply edge on the map.

    Args:
        edges: ``marts.bridge_supply_edges``.
        records: Placed projects and plants.
        middles_deg: Longitude and latitude of countries, for ends that are a country.

    Returns:
        The edges with ``upstream_`` and ``downstream_longitude_deg`` and ``_latitude_deg``, null where an
        end is a company, a region or unresolved, and ``is_drawn``; a plant that names itself has no line.
    """
    spots = dict[str, tuple[float | None, float | None]](middles_deg)
    located = records[records["longitude_deg"].notna()]
    spots |= {
        row["id"]: (row["longitude_deg"], row["latitude_deg"])
        for row in located[["id", "longitude_deg", "latitude_deg"]].to_dict("records")
    }
    found = edges.copy()
    for end in ("upstream", "downstream"):
        pairs = [spots.get(key, (None, None)) for key in edges[f"{end}_id"]]
        found[f"{end}_longitude_deg"] = [longitude for longitude, _ in pairs]
        found[f"{end}_latitude_deg"] = [latitude for _, latitude in pairs]
    has_ends = found[["upstream_longitude_deg", "downstream_longitude_deg"]].notna().all(axis=1)
    found["is_drawn"] = has_ends & ~found["is_self_reference"].astype(bool)
    return found


def lines_table(edges: pd.DataFrame) -> Table:
    """Every supply edge in words, drawn or not."""
    rows = edges.assign(
        upstream=edges["upstream_name"].fillna("unresolved") + " (" + edges["upstream_kind"] + ")",
        downstream=edges["downstream_name"].fillna("unresolved") + " (" + edges["downstream_kind"] + ")",
        drawn=edges["is_drawn"].map({True: "drawn", False: "not drawn"}),
    ).sort_values(["is_drawn", "upstream", "downstream"])
    return Table(
        "supply-lines",
        "Supply lines as the plants state them",
        (
            Column("upstream", "from"),
            Column("downstream", "to"),
            Column("drawn", "on the map"),
            Column("reference_as_published", "cell as published", wide=True),
            Column("note", "note", wide=True),
        ),
        rows,
    )


def places_table(records: pd.DataFrame) -> Table:
    """The places in words.

    Args:
        records: Placed projects and plants with ``kind``.
    """
    drawn = records["longitude_deg"].notna().map({True: "about its country's middle", False: "not drawn"})
    return Table(
        "places-table",
        "Places in words",
        (
            Column("name", "record"),
            Column("kind", "kind"),
            Column("location_as_published", "place as published", wide=True),
            Column("admin1_name", "division"),
            Column("country_name", "country"),
            Column("drawn", "on the map"),
        ),
        records.assign(drawn=drawn).drop(columns="id"),
    )


def _drawn(records: pd.DataFrame) -> pd.DataFrame:
    rows = records[records["longitude_deg"].notna()]
    rows = rows.assign(
        place=rows["location_as_published"].fillna("not stated"),
        longitude_deg=rows["longitude_deg"].round(3),
        latitude_deg=rows["latitude_deg"].round(3),
    )
    kept = ["id", "name", "company", "stage", "place", "longitude_deg", "latitude_deg"]
    if "family" in rows:
        rows = rows.assign(deposit_family=rows["family"].map(words))
        kept += ["family", "deposit_family"]
    return rows[kept]


def _land(topology: dict[str, Any]) -> Any:
    outlines = alt.InlineData(
        values=topology, format=alt.TopoDataFormat(type="topojson", feature="countries")
    )
    return alt.Chart(outlines).mark_geoshape(fill=LAND, stroke="white", strokeWidth=0.7, tooltip=False)


def _lines(lines: pd.DataFrame) -> Any:
    kept = lines.rename(columns={"edge_id": "id", "reference_part": "stated"})
    ends = [
        f"{end}_{axis}" for end in ("upstream", "downstream") for axis in ("longitude_deg", "latitude_deg")
    ]
    return (
        alt.Chart(kept[["id", "upstream_name", "downstream_name", "stated", *ends]], name="lines")
        .mark_rule(color=MUTED, opacity=0.35, strokeWidth=1)
        .encode(
            longitude="upstream_longitude_deg:Q",
            latitude="upstream_latitude_deg:Q",
            longitude2="downstream_longitude_deg:Q",
            latitude2="downstream_latitude_deg:Q",
            tooltip=[
                alt.Tooltip("upstream_name:N", title="from"),
                alt.Tooltip("downstream_name:N", title="to"),
                alt.Tooltip("stated:N", title="stated as"),
            ],
        )
        .transform_filter(SHOWN)
    )


def _plants(plants: pd.DataFrame) -> Any:
    return (
        alt.Chart(plants, name="plants")
        .transform_filter(SHOWN)
        .transform_calculate(kind="'plant'")
        .mark_point(
            filled=True,
            stroke=INK,
            strokeWidth=alt.ExprRef(f"{NARROW} ? 0.7 : 1.3"),
            opacity=1,
            size=alt.ExprRef(f"{_SHRINKAGE} * 55"),
        )
        .encode(
            longitude="longitude_deg:Q",
            latitude="latitude_deg:Q",
            fill=alt.value("white"),
            shape=alt.Shape(
                "kind:N",
                title=None,
                scale=alt.Scale(domain=["plant"], range=[PLANT_SHAPE]),
                legend=None,
            ),
            tooltip=[
                alt.Tooltip("name:N", title="plant"),
                alt.Tooltip("company:N"),
                alt.Tooltip("stage:N"),
                alt.Tooltip("place:N", title="place as published"),
            ],
        )
    )


def _projects(projects: pd.DataFrame) -> Any:
    colour, _ = family_scales(set(projects["family"]))
    stages = stage_order(set(projects["stage"]))
    shape = alt.Scale(domain=stages, range=[STAGE_SHAPES.get(stage, "wedge") for stage in stages])
    families = alt.Legend(columns=columns(8), symbolType="circle")
    # A mark is an outline with a breath of its colour: a solid one would look like a site.
    return (
        alt.Chart(projects, name="projects")
        .transform_filter(SHOWN)
        .mark_point(
            filled=False,
            strokeWidth=alt.ExprRef(f"{NARROW} ? 0.9 : 1.6"),
            opacity=1,
            size=alt.ExprRef(f"{_SHRINKAGE} * 46"),
        )
        .encode(
            longitude="longitude_deg:Q",
            latitude="latitude_deg:Q",
            stroke=alt.Stroke(
                "deposit_family:N",
                title="Deposit family",
                scale=colour,
                legend=families,
            ),
            fill=alt.Fill("deposit_family:N", title="Deposit family", scale=colour, legend=families),
            fillOpacity=alt.value(0.12),
            shape=alt.Shape(
                "stage:N",
                title="Stage",
                scale=shape,
                legend=alt.Legend(columns=columns(9), symbolStrokeColor=INK, symbolFillColor="transparent"),
            ),
            tooltip=[
                alt.Tooltip("name:N", title="project"),
                alt.Tooltip("company:N"),
                alt.Tooltip("deposit_family:N", title="deposit family"),
                alt.Tooltip("stage:N"),
                alt.Tooltip("place:N", title="place as published"),
            ],
        )
    )
