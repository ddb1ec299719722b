"""The figures of the model card and of its studies, from the marts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import altair as alt
import duckdb

from ml import OXIDES
from warehouse.pages import mineral_patterns
from warehouse.pages.drawing import svg
from warehouse.pages.model_studies import CURVE

LEAGUE = """
    select model_name, league_place, 'whole sites left out' as folds, rmse_pct,
        rmse_pct - rmse_standard_error_pct as low, rmse_pct + rmse_standard_error_pct as high
    from marts.rpt_model_league
    union all
    select model_name, league_place, 'random', random_cv_rmse_pct,
        random_cv_rmse_pct - random_cv_rmse_standard_error_pct,
        random_cv_rmse_pct + random_cv_rmse_standard_error_pct
    from marts.rpt_model_league
    order by league_place, folds
"""
OBSERVED = """
    select predictions.oxide, predictions.predicted_pct, predictions.observed_pct, types.deposit_family
    from marts.fct_composition_predictions as predictions
    inner join marts.dim_model_runs as runs using (model_run_id)
    inner join marts.dim_projects as projects using (project_id)
    left join marts.dim_deposit_types as types using (deposit_type_id)
    where runs.is_current and predictions.observed_pct is not null
        and predictions.prediction_kind = 'out_of_fold'
    order by predictions.project_id, predictions.oxide
"""
CALIBRATION = """
    select stratum || ' (' || measured_projects || ')' as stratum, interval_level,
        interval_level || ' %' as promised, covered_pct,
        greatest(covered_pct - covered_standard_error_pct, 0) as low,
        least(covered_pct + covered_standard_error_pct, 100) as high
    from marts.rpt_interval_coverage
    where protocol = 'published_intervals' and target = 'all' and stratum_kind in ('all', 'family')
    order by stratum, interval_level
"""
PATTERNS = """
    select medians.stratum, oxides.element, oxides.pattern_order, 'published' as origin,
        medians.published_ratio_median as ratio
    from marts.rpt_pattern_medians as medians inner join marts.dim_oxides as oxides using (oxide)
    where medians.stratum_kind = 'family' and medians.published_ratio_median > 0
    union all
    select medians.stratum, oxides.element, oxides.pattern_order, 'predicted out of fold',
        medians.out_of_fold_ratio_median
    from marts.rpt_pattern_medians as medians inner join marts.dim_oxides as oxides using (oxide)
    where medians.stratum_kind = 'family' and medians.out_of_fold_ratio_median > 0
    order by stratum, origin, pattern_order
"""


def card_figures(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Draw the figures of the model card; SVG text by name."""
    drawers: dict[str, Callable[[duckdb.DuckDBPyConnection], Any]] = {
        "league": league_chart,
        "observed_predicted": observed_chart,
        "calibration": calibration_chart,
        "patterns": pattern_chart,
        "mineral_groups": mineral_patterns.pattern_chart,
    }
    return {name: svg(draw(connection)) for name, draw in drawers.items()}


def study_figures(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Draw the figure of the learning curve, SVG text by name."""
    return {"learning_curve": svg(curve_chart(connection))}


def curve_chart(connection: duckdb.DuckDBPyConnection) -> Any:
    """Error against the number of sites trained on."""
    return (
        alt.Chart(connection.execute(CURVE).df())
        .mark_line(point=True)
        .encode(
            x=alt.X("sites:Q", title="measured sites trained on", scale=alt.Scale(zero=False)),
            y=alt.Y("value:Q", title="RMSE, % of TREO", scale=alt.Scale(zero=False)),
            color=alt.Color("model_name:N", title="model"),
        )
    )


def league_chart(connection: duckdb.DuckDBPyConnection) -> Any:
    """Error of each model with both kinds of folds."""
    rows = connection.execute(LEAGUE).df()
    order = list(rows["model_name"].unique())
    base = alt.Chart(rows).encode(y=alt.Y("model_name:N", sort=order, title=None))
    colour = alt.Color("folds:N", title="folds")
    offset = alt.YOffset("folds:N")
    points = base.mark_point(filled=True, size=50).encode(
        x=alt.X(
            "rmse_pct:Q", title="RMSE, % of TREO (± standard error over sites)", scale=alt.Scale(zero=False)
        ),
        color=colour,
        yOffset=offset,
    )
    bars = base.mark_rule().encode(x="low:Q", x2="high:Q", color=colour, yOffset=offset)
    return (bars + points).properties(width=460, height=alt.Step(14))


def observed_chart(connection: duckdb.DuckDBPyConnection) -> Any:
    """Published against predicted shares, a panel per oxide."""
    limit = alt.Scale(zero=False)
    return (
        alt.Chart(connection.execute(OBSERVED).df())
        .mark_point(size=14, filled=True, opacity=0.7)
        .encode(
            x=alt.X("predicted_pct:Q", title="predicted, %", scale=limit),
            y=alt.Y("observed_pct:Q", title="published, %", scale=limit),
            color=alt.Color("deposit_family:N", title="family"),
        )
        .properties(width=150, height=150)
        .facet(facet=alt.Facet("oxide:N", sort=list(OXIDES), title=None), columns=5)
        .resolve_scale(x="independent", y="independent")
    )


def calibration_chart(connection: duckdb.DuckDBPyConnection) -> Any:
    """Share of cells that the published intervals cover, by deposit family."""
    rows = connection.execute(CALIBRATION).df()
    base = alt.Chart(rows).encode(
        y=alt.Y("stratum:N", title="family (measured projects)"),
        color=alt.Color("promised:N", title="promised"),
        yOffset="promised:N",
    )
    scale = alt.Scale(domain=[min(40.0, float(rows["covered_pct"].min())), 100])
    aims = (
        alt.Chart(rows[["interval_level"]].drop_duplicates())
        .mark_rule(strokeDash=[4, 4], color="grey")
        .encode(x="interval_level:Q")
    )
    spread = base.mark_rule().encode(x=alt.X("low:Q", scale=scale), x2="high:Q")
    points = base.mark_point(filled=True, size=50).encode(
        x=alt.X("covered_pct:Q", title="cells covered out of fold, %", scale=scale)
    )
    return aims + spread + points


def pattern_chart(connection: duckdb.DuckDBPyConnection) -> Any:
    """Chondrite-normalised median patterns per family, published and predicted."""
    rows = connection.execute(PATTERNS).df()
    elements = list(rows.sort_values("pattern_order")["element"].unique())
    return (
        alt.Chart(rows)
        .mark_line(point=True)
        .encode(
            x=alt.X("element:N", sort=elements, title=None),
            y=alt.Y("ratio:Q", scale=alt.Scale(type="log"), title="element in TREO / CI chondrite"),
            color=alt.Color("origin:N", title="median"),
        )
        .properties(width=220, height=150)
        .facet(facet=alt.Facet("stratum:N", title=None), columns=3)
    )
