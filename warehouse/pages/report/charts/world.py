"""The map: projects, plants and the supply lines between them."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from warehouse.pages.report.figure import Choice, Column, Figure, Table
from warehouse.pages.report.places import AREA, EXACT, PLACE
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

_SHRINKAGE = "pow(clamp(map_scale / 200, 0.45, 1), 2)"
"""Vega expression: how much smaller marks are drawn where much of the world is on a narrow map."""

_CENTRE_DEG = 11
"""Meridian in the middle of the map, so that its edge runs between Asia and America."""

_VIEWS = {
    "The world": ("world", 11, 16, 1.0),
    "Africa": ("africa", 18, 0, 2.6),
    "Asia": ("asia", 95, 38, 2.0),
    "Australia": ("australia", 134, -27, 4.4),
    "Europe": ("europe", 22, 58, 3.6),
    "North America": ("north_america", -95, 54, 2.1),
    "South America": ("south_america", -58, -20, 2.8),
}
"""What can be looked at: name, value of the signal, longitude and latitude of the middle, enlargement."""

_WORLD_WIDTH = 5.55
"""Width of the whole map in the projection's own units, with a little air."""

_POINTS = [EXACT, PLACE, AREA]


def shown_param() -> alt.Parameter:
    """Ids that the page's filters let through; null while nothing is filtered."""
    return alt.param(name="shown", value=None)


def map_figure(
    projects: pd.DataFrame,
    plants: pd.DataFrame,
    lines: pd.DataFrame,
    sites: pd.DataFrame,
    topology: dict[str, Any],
) -> Figure:
    """Draw the map.

    Args:
        projects: Placed projects.
        plants: Placed plants.
        lines: Supply edges with both ends located, of `located_edges`.
        sites: Deposits of other sources, with a point of their own.
        topology: Country outlines as TopoJSON.
    """
    drawn_projects, drawn_plants = _drawn(projects), _drawn(plants)
    chart = (
        alt.layer(
            _land(topology), _sites(sites), _lines(lines), _plants(drawn_plants), _projects(drawn_projects)
        )
        .add_params(shown_param(), *_view_params())
        .project(
            "naturalEarth1",
            rotate=[-_CENTRE_DEG, 0, 0],
            center=alt.ExprRef("slice(looked_at, 0, 2)"),
            scale=alt.ExprRef("map_scale"),
            translate=alt.ExprRef("[width / 2 + pan_x * map_scale, height / 2 + pan_y * map_scale]"),
        )
        .resolve_scale(shape="independent")
        .properties(width="container", height=460)
        .configure(**CONFIG.to_dict())
    )
    countries = projects.loc[projects["longitude_deg"].notna(), "country_name"].value_counts()
    exact = int((drawn_projects["point"] == EXACT).sum())
    most = ", ".join(f"{country} {count}" for country, count in countries.head(5).items())
    return Figure(
        key="world",
        title="Projects, plants and the lines of supply between them",
        alternative=(
            f"World map of {len(drawn_projects)} projects in {len(countries)} countries and "
            f"{len(drawn_plants)} plants. Most projects: {most}. {exact} projects are drawn at their deposit "
            f"or district. {len(lines)} supply lines have both ends on the map. Every project is a row of "
            f"the project table below. {len(sites)} dots are deposits of other sources."
        ),
        caption=(
            "Colour is the deposit family, shape the stage. Full marks are at the deposit or its district, "
            "hollow ones at a town or place. Large dashed marks mean an area, a division or a country, "
            "not for a site. Marks that share a point are fanned out beside it. Hexagons are plants; lines "
            f"join the ends of the supply references. The {len(sites)} small grey dots are deposits of other "
            "sources that are none of the projects."
        ),
        spec=chart.to_dict(),
        choices=(Choice("view", "Look at", {name: view[0] for name, view in _VIEWS.items()}),),
        aspect=0.46,
        is_zoomable=True,
    )


def _view_params() -> list[alt.Parameter]:
    """What is looked at: a part of the world, and what zooming and dragging make of it."""
    views = ", ".join(
        f"{key}: [{longitude - _CENTRE_DEG}, {latitude}, {enlargement}]"
        for key, longitude, latitude, enlargement in _VIEWS.values()
    )
    return [
        alt.param(name="view", value="world"),
        alt.param(name="zoom", value=1),
        alt.param(name="pan_x", value=0),
        alt.param(name="pan_y", value=0),
        alt.param(name="looked_at", expr=f"{{{views}}}[view]"),
        alt.param(name="map_scale", expr=f"width / {_WORLD_WIDTH} * looked_at[2] * zoom"),
    ]


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
    drawn = "at: " + records["coordinate_precision"].map(_PRECISION_WORDS)
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
            Column("latitude_deg", "latitude", 2, "deg"),
            Column("longitude_deg", "longitude", 2, "deg"),
            Column("coordinate_source", "point taken from"),
        ),
        records.assign(drawn=drawn.where(records["longitude_deg"].notna(), "not drawn")).drop(columns="id"),
    )


_PRECISION_WORDS = {
    "deposit": "its deposit",
    "district": "its district",
    "locality": "its town or place",
    "admin1": "the middle of its division",
    "country": "the middle of its country",
    "area": "the middle of an area",
}


def _drawn(records: pd.DataFrame) -> pd.DataFrame:
    rows = records[records["longitude_deg"].notna()]
    rows = rows.assign(
        place=rows["location_as_published"].fillna("not stated"),
        longitude_deg=rows["longitude_deg"].round(3),
        latitude_deg=rows["latitude_deg"].round(3),
        drawn_at=rows["coordinate_precision"].map(_PRECISION_WORDS),
        fan_east_px=rows["fan_east_px"].round(1),
        fan_north_px=rows["fan_north_px"].round(1),
    )
    kept = ["id", "name", "company", "stage", "place", "point", "drawn_at"]
    kept += ["longitude_deg", "latitude_deg", "fan_east_px", "fan_north_px"]
    if "family" in rows:
        rows = rows.assign(deposit_family=rows["family"].map(words))
        kept += ["family", "deposit_family"]
    return rows[kept]


def _land(topology: dict[str, Any]) -> Any:
    outlines = alt.InlineData(
        values=topology, format=alt.TopoDataFormat(type="topojson", feature="countries")
    )
    return alt.Chart(outlines).mark_geoshape(
        fill=LAND, stroke="white", strokeWidth=0.7, tooltip=False, clip=True
    )


def _marks(records: pd.DataFrame, name: str, size: float, fills: tuple[float, float, float]) -> alt.Chart:
    """Marks at their points, those that share one moved apart by pixels at every enlargement.

    Args:
        records: What is drawn.
        name: Name of the layer.
        size: Area of a mark, in square pixels on a wide screen; four times that where it means an area.
        fills: Opacity of the marks at a deposit, at a place, and of an area.
    """
    pixel_deg = f"(180 / PI / map_scale * ({NARROW} ? 0.6 : 1))"
    exact, place, area = fills
    return (
        alt.Chart(records, name=name)
        .transform_filter(SHOWN)
        .transform_calculate(
            drawn_longitude=f"datum.longitude_deg + datum.fan_east_px * {pixel_deg}",
            drawn_latitude=f"datum.latitude_deg + datum.fan_north_px * {pixel_deg}",
            mark_size=f"{_SHRINKAGE} * {size} * (datum.point === '{AREA}' ? 4 : 1)",
            mark_fill=f"datum.point === '{EXACT}' ? {exact} : datum.point === '{PLACE}' ? {place} : {area}",
            kind=f"'{name.removesuffix('s')}'",
        )
    )


def _spot() -> dict[str, Any]:
    """The channels that say where a mark is, and of what."""
    return {
        "longitude": alt.Longitude("drawn_longitude:Q"),
        "latitude": alt.Latitude("drawn_latitude:Q"),
        "size": alt.Size("mark_size:Q", scale=None, legend=None),
        "fillOpacity": alt.FillOpacity("mark_fill:Q", scale=None, legend=None),
        "strokeDash": alt.StrokeDash(
            "point:N", scale=alt.Scale(domain=_POINTS, range=[[1, 0], [1, 0], [2.5, 2]]), legend=None
        ),
    }


def _sites(sites: pd.DataFrame) -> Any:
    rows = sites.assign(
        deposit_family=sites["family"].map(words),
        longitude_deg=sites["longitude_deg"].round(2),
        latitude_deg=sites["latitude_deg"].round(2),
    ).drop(columns=["site_id", "family"])
    return (
        alt.Chart(rows, name="sites")
        # They pass no filter of the projects.
        .transform_filter("shown === null")
        .transform_calculate(mark_size=f"{_SHRINKAGE} * 9")
        .mark_circle(color=MUTED, opacity=0.55, clip=True)
        .encode(
            longitude="longitude_deg:Q",
            latitude="latitude_deg:Q",
            size=alt.Size("mark_size:Q", scale=None, legend=None),
            tooltip=[
                alt.Tooltip("name:N", title="deposit"),
                alt.Tooltip("deposit_family:N", title="deposit family"),
                alt.Tooltip("country_name:N", title="country"),
                alt.Tooltip("origin_source_id:N", title="source"),
            ],
        )
    )


def _lines(lines: pd.DataFrame) -> Any:
    kept = lines.rename(columns={"edge_id": "id", "reference_part": "stated"})
    ends = [
        f"{end}_{axis}" for end in ("upstream", "downstream") for axis in ("longitude_deg", "latitude_deg")
    ]
    return (
        alt.Chart(kept[["id", "upstream_name", "downstream_name", "stated", *ends]], name="lines")
        .mark_rule(color=MUTED, opacity=0.35, strokeWidth=1, clip=True)
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
        _marks(plants, "plants", 55, (1.0, 0.7, 0.2))
        .mark_point(
            clip=True,
            filled=True,
            stroke=INK,
            strokeWidth=alt.ExprRef(f"{NARROW} ? 0.7 : 1.3"),
            opacity=1,
        )
        .encode(
            **_spot(),
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
                alt.Tooltip("drawn_at:N", title="drawn at"),
            ],
        )
    )


def _projects(projects: pd.DataFrame) -> Any:
    colour, _ = family_scales(set(projects["family"]))
    stages = stage_order(set(projects["stage"]))
    shape = alt.Scale(domain=stages, range=[STAGE_SHAPES.get(stage, "wedge") for stage in stages])
    families = alt.Legend(columns=columns(8), symbolType="circle")
    return (
        # Only a mark that is at its site is solid.
        _marks(projects, "projects", 46, (0.85, 0.12, 0.04))
        .mark_point(
            clip=True,
            filled=False,
            strokeWidth=alt.ExprRef(f"{NARROW} ? 0.9 : 1.6"),
            opacity=1,
        )
        .encode(
            **_spot(),
            stroke=alt.Stroke(
                "deposit_family:N",
                title="Deposit family",
                scale=colour,
                legend=families,
            ),
            fill=alt.Fill("deposit_family:N", title="Deposit family", scale=colour, legend=families),
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
                alt.Tooltip("drawn_at:N", title="drawn at"),
            ],
        )
    )
