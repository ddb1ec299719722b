"""The page: everything put together, rendered and moved into place in one step."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd
import vl_convert

from warehouse.pages.report import tables
from warehouse.pages.report.charts import basket, exploration, models, patterns, scenarios, values, world
from warehouse.pages.report.data import ReportData, read_report_data
from warehouse.pages.report.figure import Figure, Table
from warehouse.pages.report.outlines import read_outlines
from warehouse.pages.report.places import EXACT, place_records
from warehouse.pages.report.style import family_order, stage_order, words
from warehouse.pages.templates import templates
from warehouse.paths import SOURCES_DIR
from warehouse.sources.contract import load_packages
from warehouse.writing import make_folder, write_text

TEMPLATES = Path(__file__).parent / "templates"
PAGE = "index.html"
MISSING = "–"


def write_report(file: Path, folder: Path) -> Path:
    """Write the report of the published file ``file`` to ``folder``, and return the page's path.

    Raises:
        ReeError: If there is no published file, it is too old, or the folder cannot be written.
    """
    html = render_report(file)
    make_folder(folder)
    write_text(folder / PAGE, html)
    return folder / PAGE


def render_report(file: Path) -> str:
    """Return the whole page as HTML.

    Raises:
        ReeError: If there is no published file or it is too old.
    """
    data = read_report_data(file)
    environment = templates(TEMPLATES, html=True)
    environment.filters |= {"number": format_number, "words": words}
    environment.globals["is_missing"] = _is_missing
    return environment.get_template("page.html.j2").render(
        **_context(data), library=_chart_library(), sources=load_packages(SOURCES_DIR)
    )


def format_number(value: object, digits: int) -> str:
    """Print a number with separators; what is missing is a dash."""
    return MISSING if _is_missing(value) else f"{value:,.{digits}f}"


def _is_missing(value: object) -> bool:
    return (
        value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value))
    )


def _chart_library() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script, of the version Altair's specifications are written in."""
    version = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    script = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version=version)
    # The browser would take this tag, if a string held it, for the end of the script.
    return script.replace("</script", r"<\/script")


@dataclass(frozen=True)
class _Placed:
    projects: pd.DataFrame
    plants: pd.DataFrame
    edges: pd.DataFrame


def _context(data: ReportData) -> dict[str, Any]:
    outlines = read_outlines()
    records = place_records(
        pd.concat([data.projects.assign(kind="project"), data.plants.assign(kind="plant")]),
        data.locations,
    )
    projects = records[records["kind"] == "project"]
    plants = records[records["kind"] == "plant"].dropna(axis="columns", how="all")
    edges = world.located_edges(data.edges, records, outlines.middles_deg)
    placed = _Placed(projects, plants.reindex(columns=records.columns.drop("family")), edges)
    pattern = patterns.pattern_rows(data.compositions, projects)
    first = _first_pattern(projects)
    return {
        "figures": {
            figure.key: figure for figure in _figures(data, placed, pattern, first, outlines.topology)
        },
        "tables": _tables(data, placed),
        "records": _records(placed),
        "filters": _filters(placed),
        "unplaced": _dicts(records[records["longitude_deg"].isna()]),
        "undrawn": _dicts(edges[~edges["is_drawn"]]),
        "pattern_options": _pattern_options(projects),
        "pattern_first": first,
        "notes": patterns.pattern_notes(data.compositions, projects, data.geochemistry),
        "counts": _counts(data, placed),
        "build": data.builds[data.builds["is_current"]].iloc[0].to_dict(),
        "run": data.runs[data.runs["is_current"]].iloc[0].to_dict(),
    }


def _figures(
    data: ReportData, placed: _Placed, pattern: pd.DataFrame, first: str, topology: dict[str, Any]
) -> list[Figure]:
    drawn = placed.edges[placed.edges["is_drawn"]]
    amounts = basket.contained(data.compositions, placed.projects)
    return [
        world.map_figure(placed.projects, placed.plants, drawn, data.sites, topology),
        exploration.grade_figure(placed.projects),
        exploration.continents_figure(data.projects_by_continent),
        *exploration.hree_figures(data.hree),
        patterns.pattern_figure(pattern, first),
        *basket.basket_figures(amounts),
        values.value_figure(data.values),
        scenarios.scenario_figure(data.scenario_balance, data.scenario_stages, data.scenario_projects),
        models.league_figure(data.league),
        models.family_coverage_figure(data.coverage_by_family),
        models.target_coverage_figure(data.coverage_by_target),
        models.observed_figure(data.out_of_fold),
    ]


def _tables(data: ReportData, placed: _Placed) -> dict[str, Table]:
    return {
        "projects": tables.project_table(placed.projects),
        "compositions": tables.composition_table(data.compositions, placed.projects),
        "basket": basket.basket_table(basket.contained(data.compositions, placed.projects)),
        "hree": exploration.hree_table(data.hree),
        "lines": world.lines_table(placed.edges),
        "places": world.places_table(pd.concat([placed.projects, placed.plants])),
        "headline": models.headline_table(data.headline_errors),
        **tables.quality_tables(data),
        **tables.provenance_tables(data),
    }


def _records(placed: _Placed) -> list[dict[str, Any]]:
    """What the filters ask of every project, plant and supply line."""
    records = [
        {
            "id": row["id"],
            "kind": row["kind"],
            "family": row.get("family"),
            "stage": row["stage"],
            "continent": _text(row["continent"]),
            "text": " ".join([row["id"], row["name"], row["company"], _text(row["country_name"])]).lower(),
        }
        for frame in (placed.projects, placed.plants)
        for row in frame.to_dict("records")
    ]
    lines = placed.edges[placed.edges["is_drawn"]]
    return records + [
        {"id": row["edge_id"], "kind": "line", "ends": [row["upstream_id"], row["downstream_id"]]}
        for row in lines.to_dict("records")
    ]


def _dicts(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as dictionaries, what is missing as None."""
    objects = frame.astype(object)
    return objects.where(objects.notna(), None).to_dict("records")  # type: ignore[return-value]


def _text(value: object) -> str:
    return "" if _is_missing(value) else str(value)


def _filters(placed: _Placed) -> dict[str, list[tuple[str, str]]]:
    projects = placed.projects
    families = family_order(set(projects["family"]))
    continents = sorted(set(projects["continent"].dropna()))
    return {
        "family": [(family, words(family)) for family in families],
        "continent": [(continent, continent) for continent in continents],
        "stage": [(stage, stage) for stage in stage_order(set(projects["stage"]))],
    }


def _pattern_options(projects: pd.DataFrame) -> list[dict[str, str]]:
    return [
        {
            "id": row["id"],
            "family": row["family"],
            "label": f"{row['name']}, {_text(row['country_name']) or 'no country'} ({row['composition']})",
        }
        for row in projects.to_dict("records")
    ]


def _first_pattern(projects: pd.DataFrame) -> str:
    """The largest resource whose composition is predicted, so that intervals are seen at once."""
    predicted = projects[projects["composition"] == "predicted"]
    chosen = predicted if len(predicted) else projects
    return str(chosen.sort_values(["resource_treo_t", "id"], ascending=[False, True])["id"].iloc[0])


def _counts(data: ReportData, placed: _Placed) -> dict[str, int]:
    composition = placed.projects["composition"].value_counts()
    accounting = data.cell_accounting
    return {
        "projects": len(placed.projects),
        "plants": len(placed.plants),
        "countries": placed.projects["country_name"].nunique(),
        "exact_projects": int((placed.projects["point"] == EXACT).sum()),
        "exact_plants": int((placed.plants["point"] == EXACT).sum()),
        "published": int(composition.get("published", 0)),
        "predicted": int(composition.get("predicted", 0)),
        "partly": int(composition.get("partly predicted", 0)),
        "continent_differs": int(
            data.locations.set_index("location_id")["is_continent_changed"]
            .fillna(False)
            .reindex(placed.projects["location_id"])
            .sum()
        ),
        "edges": len(placed.edges),
        "edges_drawn": int(placed.edges["is_drawn"].sum()),
        "cells": int(accounting["cells_published"].sum()),
        "cells_changed": int(accounting["cells_changed"].sum()),
        "cells_rejected": int(accounting["cells_rejected"].sum()),
        "cells_lost": int(accounting["cells_lost"].sum()),
        "rows_rejected": len(data.rejected),
        "findings": len(data.findings),
        "checks": len(data.checks),
        "checks_failed": int((data.checks["outcome"] == "fail").sum()),
        "same_resource": int((data.findings["finding_type"] == "same_resource").sum()),
    }
