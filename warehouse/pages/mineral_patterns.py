"""How host minerals and patterns go together: a figure and a table for model card and lineage site."""

from __future__ import annotations

import base64
from typing import Any

import altair as alt
import duckdb

from warehouse.file.query import records
from warehouse.pages.drawing import svg

PLAIN, MEDIAN, COUNTER = "#9a9a9a", "#000000", "#d55e00"
"""Colours of a project, of its group's median, and of the counter-example (vermilion of Okabe and Ito)."""

ROWS = """
    with hosts as (
        select project_id, mineral_group from marts.fct_project_minerals where rank = 1
    ),
    drawn as (
        select hosts.mineral_group, patterns.oxide, patterns.ratio, patterns.project_id,
            if(patterns.project_id = groups.farthest_project_id, 'counter-example', 'project') as series
        from marts.fct_composition_patterns as patterns
        inner join marts.dim_projects as projects using (project_id)
        inner join hosts using (project_id)
        inner join marts.rpt_mineral_group_patterns as groups using (mineral_group)
        where projects.has_full_composition and patterns.value_origin = 'reported'
        union all
        select stratum, oxide, published_ratio_median, null, 'median'
        from marts.rpt_pattern_medians where stratum_kind = 'host_group'
    )
    select drawn.*, oxides.element, oxides.pattern_order,
        replace(drawn.mineral_group, '_', ' ') || ' (' || groups.measured_projects || ')' as panel
    from drawn
    inner join marts.rpt_mineral_group_patterns as groups using (mineral_group)
    inner join marts.dim_oxides as oxides using (oxide)
    where drawn.ratio > 0
    order by groups.measured_projects desc, panel, drawn.series, drawn.project_id, oxides.pattern_order
"""

GROUPS = "from marts.rpt_mineral_group_patterns order by measured_projects desc, mineral_group"


def groups(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Read the rows of ``marts.rpt_mineral_group_patterns``, the largest group first."""
    return records(connection, GROUPS)


def pattern_chart(connection: duckdb.DuckDBPyConnection) -> Any:
    """Draw the measured patterns over CI chondrite, a panel per group of principal host minerals."""
    rows = connection.execute(ROWS).df()
    titles = list(rows["panel"].unique())
    elements = list(rows.sort_values("pattern_order")["element"].unique())
    x = alt.X("element:N", sort=elements, title=None, axis=alt.Axis(labelAngle=0, labelOverlap=False))
    axis = alt.Axis(values=[10.0**power for power in range(2, 7)], format="~s")
    scale = alt.Scale(type="log", domainMin=100)
    y = alt.Y("ratio:Q", scale=scale, axis=axis, title="element in TREO / CI chondrite")
    base = alt.Chart(rows).encode(x=x, y=y)
    looks: dict[str, dict[str, Any]] = {
        "project": {"color": PLAIN, "strokeWidth": 0.8, "opacity": 0.7},
        "counter-example": {"color": COUNTER, "strokeDash": [4, 2]},
        "median": {"color": MEDIAN, "strokeWidth": 2},
    }
    lines = [
        base.transform_filter(f"datum.series === '{name}'").mark_line(**look).encode(detail="project_id:N")
        for name, look in looks.items()
    ]
    layers = alt.layer(*lines)
    panels = layers.properties(width=230, height=140).facet(
        facet=alt.Facet("panel:N", sort=titles, title=None), columns=3
    )
    return panels.configure_view(stroke="#dddddd").configure_axis(gridColor="#eeeeee")


def site_section(connection: duckdb.DuckDBPyConnection) -> str:
    """Write the figure and the table as Markdown whose picture travels inside it."""
    picture = base64.b64encode(svg(pattern_chart(connection)).encode()).decode()
    lines = [
        f"![Measured patterns by group of principal host minerals](data:image/svg+xml;base64,{picture})",
        "",
        "Grey: a measured project each; black: their median; dashed: the counter-example of the table.",
        "",
        "| host group | measured | HREE, median % | from | to | counter-example | its host | its HREE % |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row['mineral_group']} | {row['measured_projects']} | {row['hree_pct_median']:.1f} | "
        f"{row['hree_pct_min']:.1f} | {row['hree_pct_max']:.1f} | {row['farthest_project_name']} | "
        f"{row['farthest_mineral']} | {row['farthest_hree_pct']:.1f} |"
        for row in groups(connection)
    ]
    return "\n".join(lines)
