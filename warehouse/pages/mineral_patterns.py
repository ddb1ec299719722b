"""How host minerals and patterns go together: a figure and a table for model card and lineage site."""

from __future__ import annotations

import base64
from typing import Any

import altair as alt
import duckdb
import pandas as pd
import vl_convert

from warehouse.pages.geochemistry import chondrite_ratio

PLAIN, MEDIAN, COUNTER = "#9a9a9a", "#000000", "#d55e00"
"""Colours of a project, of its group's median, and of the counter-example (vermilion of Okabe and Ito)."""

ROWS = """
    select mineral_group, project_id, oxides.element, oxides.pattern_order,
        oxides.oxide_to_element_factor, oxides.chondrite_ppm, compositions.share_of_treo_pct,
        project_id = groups.farthest_project_id as is_counter_example
    from marts.dim_projects as projects
    inner join marts.fct_project_minerals as hosts using (project_id)
    inner join marts.rpt_mineral_group_patterns as groups using (mineral_group)
    inner join marts.fct_compositions as compositions using (project_id)
    inner join marts.dim_oxides as oxides using (oxide)
    where projects.has_full_composition and hosts.rank = 1 and compositions.share_of_treo_pct > 0
    order by all
"""

GROUPS = "select * from marts.rpt_mineral_group_patterns order by measured_projects desc, mineral_group"


def groups(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Read the rows of ``marts.rpt_mineral_group_patterns``, the largest group first."""
    return connection.execute(GROUPS).df().to_dict("records")  # type: ignore[return-value]


def pattern_chart(connection: duckdb.DuckDBPyConnection) -> Any:
    """Draw the measured patterns over CI chondrite, a panel per group of principal host minerals."""
    rows = connection.execute(ROWS).df()
    rows["ratio"] = chondrite_ratio(rows, "share_of_treo_pct")
    counts = rows.groupby("mineral_group")["project_id"].nunique()
    order = [str(name) for name in counts.sort_values(ascending=False, kind="stable").index]
    rows["group"] = rows["mineral_group"].map(lambda name: f"{str(name).replace('_', ' ')} ({counts[name]})")
    titles = [f"{name.replace('_', ' ')} ({counts[name]})" for name in order]
    elements = list(rows.sort_values("pattern_order")["element"].unique())
    x = alt.X("element:N", sort=elements, title=None, axis=alt.Axis(labelAngle=0, labelOverlap=False))
    axis = alt.Axis(values=[10.0**power for power in range(2, 7)], format="~s")
    scale = alt.Scale(type="log", domainMin=100)
    y = alt.Y("ratio:Q", scale=scale, axis=axis, title="element in TREO / CI chondrite")
    base = alt.Chart(rows).encode(x=x, y=y)
    one = base.transform_filter("!datum.is_counter_example").mark_line(
        color=PLAIN, strokeWidth=0.8, opacity=0.7
    )
    odd = base.transform_filter("datum.is_counter_example").mark_line(color=COUNTER, strokeDash=[4, 2])
    median = base.mark_line(color=MEDIAN, strokeWidth=2).encode(y=alt.Y("median(ratio):Q"))
    layers = alt.layer(one.encode(detail="project_id:N"), odd.encode(detail="project_id:N"), median)
    panels = layers.properties(width=230, height=140).facet(
        facet=alt.Facet("group:N", sort=titles, title=None), columns=3
    )
    return panels.configure_view(stroke="#dddddd").configure_axis(gridColor="#eeeeee")


def pattern_svg(connection: duckdb.DuckDBPyConnection) -> str:
    """Draw `pattern_chart` as SVG text."""
    return str(vl_convert.vegalite_to_svg(pattern_chart(connection).to_dict()))


def site_section(connection: duckdb.DuckDBPyConnection) -> str:
    """Write the figure and the table as Markdown whose picture travels inside it."""
    picture = base64.b64encode(pattern_svg(connection).encode()).decode()
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


def label_counts(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Count projects and predictions by how the host mineral behind them is known.

    Returns:
        Frame with ``mineral_basis``, ``measured``, ``unmeasured`` (projects) and ``mean_width_90_pct`` (mean
        width of the 90 % intervals of unmeasured projects without any published share, % of TREO).
    """
    return connection.execute(
        """
        select predictions.mineral_basis,
            count(distinct project_id) filter (where prediction_kind = 'out_of_fold') as measured,
            count(distinct project_id) filter (where prediction_kind <> 'out_of_fold') as unmeasured,
            avg(upper_90_pct - lower_90_pct)
                filter (where prediction_kind = 'unlabelled') as mean_width_90_pct
        from marts.fct_composition_predictions as predictions
        inner join marts.dim_model_runs as runs using (model_run_id)
        where runs.is_current
        group by all order by measured desc
        """
    ).df()
