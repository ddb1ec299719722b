"""How good the predictions are: league, calibration, observed against predicted."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from warehouse.columns import symbol
from warehouse.pages.report.figure import Choice, Column, Figure, Table, highest_row
from warehouse.pages.report.style import BLUE, CONFIG, MUTED, NARROW, ORANGE, columns, family_scales, words

_LEAGUE_COLUMNS = (
    Column("model", "model"),
    Column("rmse_pct", "RMSE", 2, symbol("rmse_pct")),
    Column("rmse_standard_error_pct", "± standard error", 2, symbol("rmse_standard_error_pct")),
    Column("minus_champion_pct", "minus the published model", 2, symbol("minus_champion_pct")),
    Column("minus_champion_standard_error_pct", "± standard error", 2, symbol("minus_champion_pct")),
    Column("aitchison_distance", "Aitchison distance", 2),
    Column("crps_pct", "CRPS", 2, symbol("crps_pct")),
    Column("hree_rmse_pct", "RMSE of HREE", 2, symbol("hree_rmse_pct")),
    Column("random_cv_rmse_pct", "RMSE, random folds", 2, symbol("random_cv_rmse_pct")),
)

_HEADLINE_COLUMNS = (
    Column("of_what", "error of", wide=True),
    Column("projects", "measured projects", 0),
    Column("sites", "their sites", 0),
    Column("error_pct", "published model", 2, symbol("error_pct")),
    Column("error_standard_error_pct", "± standard error", 2, symbol("error_standard_error_pct")),
    Column("training_mean_error_pct", "training mean", 2, symbol("training_mean_error_pct")),
    Column(
        "training_mean_error_standard_error_pct", "± standard error", 2, symbol("training_mean_error_pct")
    ),
    Column("family_mean_error_pct", "family mean", 2, symbol("family_mean_error_pct")),
    Column("family_mean_error_standard_error_pct", "± standard error", 2, symbol("family_mean_error_pct")),
    Column("protocol", "protocol"),
)

_PROMISES = {"80 %": BLUE, "90 %": ORANGE}


def headline_table(errors: pd.DataFrame) -> Table:
    """How far off predictions are, and of which projects that is said.

    Args:
        errors: ``marts.rpt_headline_errors`` in order.
    """
    return Table(
        "headline-table",
        "Errors out of fold: RMSE where no other is named, and plain means beside",
        _HEADLINE_COLUMNS,
        errors,
    )


def league_figure(league: pd.DataFrame) -> Figure:
    """The league: error of each model with whole sites left out.

    Args:
        league: ``marts.rpt_model_league``, best first.
    """
    rows = league.assign(
        model=league["model_name"].map(words),
        low=league["rmse_pct"] - league["rmse_standard_error_pct"],
        high=league["rmse_pct"] + league["rmse_standard_error_pct"],
    )
    kept = ["model", "is_champion", "rmse_pct", "rmse_standard_error_pct", "low", "high"]
    base = alt.Chart(rows[kept]).encode(
        y=alt.Y("model:N", sort=list(rows["model"]), title=None, axis=alt.Axis(ticks=False, domain=False)),
        color=alt.condition("datum.is_champion", alt.value(ORANGE), alt.value(BLUE)),
        tooltip=[
            alt.Tooltip("model:N"),
            alt.Tooltip("rmse_pct:Q", title="RMSE, % of TREO", format=".2f"),
            alt.Tooltip("rmse_standard_error_pct:Q", title="standard error", format=".2f"),
        ],
    )
    x = alt.X(
        "rmse_pct:Q",
        title=["RMSE, % of TREO", "± standard error over sites"],
        scale=alt.Scale(zero=False, nice=True),
        axis=alt.Axis(tickCount=alt.ExprRef(f"{NARROW} ? 4 : 8")),
    )
    chart = (
        alt.layer(
            base.mark_rule(strokeWidth=2, opacity=0.5).encode(
                x=alt.X("low:Q", scale=alt.Scale(zero=False)), x2="high:Q"
            ),
            base.mark_point(filled=True, size=80, opacity=1).encode(
                x=x,
                shape=alt.condition("datum.is_champion", alt.value("diamond"), alt.value("circle")),
            ),
        )
        .properties(width="container", height=26 * len(rows))
        .configure(**CONFIG.to_dict())
    )
    best, worst = rows.iloc[0], rows.iloc[-1]
    says = "".join(
        f" The published model is {row.model} ({row.rmse_pct:.2f} ± {row.rmse_standard_error_pct:.2f})."
        for row in rows[rows["is_champion"]].itertuples()
    )
    return Figure(
        key="league",
        title="The league",
        alternative=(
            f"Dot plot of the error of {len(rows)} models with whole sites left out, from {best['model']} "
            f"({best['rmse_pct']:.2f} % of TREO) to {worst['model']} ({worst['rmse_pct']:.2f}).{says}"
        ),
        caption=(
            "Orange diamond: the published model. Lower is better. Paired differences, in the table, tell "
            "models apart better than bars that overlap."
        ),
        spec=chart.to_dict(),
        tables=(
            Table(
                "league-table",
                "Errors out of fold; folds leave whole sites out unless another is named",
                _LEAGUE_COLUMNS,
                rows,
            ),
        ),
    )


def family_coverage_figure(coverage: pd.DataFrame) -> Figure:
    """Share of measured values inside the published intervals, by deposit family.

    Args:
        coverage: ``marts.rpt_interval_coverage`` of the families, the largest first.
    """
    label = coverage["stratum"].map(words) + " (" + coverage["measured_projects"].astype(str) + ")"
    title = "Covered by deposit family (measured projects)"
    return _coverage_figure("calibration-family", title, coverage.assign(label=label))


def target_coverage_figure(coverage: pd.DataFrame) -> Figure:
    """Share of measured values inside the published intervals, by oxide and sum.

    Args:
        coverage: ``marts.rpt_interval_coverage`` over all projects, targets in order.
    """
    rows = coverage.assign(label=coverage["target"])
    return _coverage_figure("calibration-oxide", "Covered by oxide and sum", rows)


def _coverage_figure(key: str, title: str, rows: pd.DataFrame) -> Figure:
    rows = rows.assign(
        promised=rows["interval_level"].map("{:.0f} %".format),
        low=(rows["covered_pct"] - rows["covered_standard_error_pct"]).clip(lower=0),
        high=(rows["covered_pct"] + rows["covered_standard_error_pct"]).clip(upper=100),
    )
    farthest = highest_row(
        rows.assign(distance=(rows["covered_pct"] - rows["interval_level"]).abs()), "distance"
    )
    return Figure(
        key=key,
        title=title,
        alternative=(
            f"Dot plot of the share of measured values that the intervals cover. Farthest "
            f"from its promise: {farthest['label']}, {farthest['covered_pct']:.0f} % covered where "
            f"{farthest['interval_level']:.0f} % were promised."
        ),
        spec=_coverage_spec(rows),
        tables=(
            Table(
                f"{key}-table",
                f"{title}, out of fold",
                (
                    Column("label", "what"),
                    Column("interval_level", "promised", 0, symbol("interval_level")),
                    Column("covered_pct", "covered", 1, symbol("covered_pct")),
                    Column("covered_standard_error_pct", "± standard error", 1, symbol("covered_pct")),
                ),
                rows,
            ),
        ),
    )


def _coverage_spec(rows: pd.DataFrame) -> Any:
    domain = alt.Scale(domain=[min(40.0, float(rows["low"].min())), 100])
    promised = list(rows["promised"].unique())
    colours = alt.Scale(domain=list(_PROMISES), range=list(_PROMISES.values()))
    shapes = alt.Scale(domain=list(_PROMISES), range=["circle", "diamond"])
    offset = alt.YOffset("promised:N", scale=alt.Scale(domain=sorted(promised), paddingOuter=0.6))
    kept = rows[["label", "promised", "covered_pct", "low", "high"]]
    base = alt.Chart(kept).encode(
        y=alt.Y(
            "label:N",
            sort=list(rows["label"].unique()),
            title=None,
            axis=alt.Axis(ticks=False, domain=False),
        ),
        yOffset=offset,
        color=alt.Color("promised:N", title="Promised", scale=colours),
        tooltip=[
            alt.Tooltip("label:N", title="what"),
            alt.Tooltip("promised:N"),
            alt.Tooltip("covered_pct:Q", title="covered, %", format=".1f"),
        ],
    )
    aims = (
        alt.Chart(rows[["promised", "interval_level"]].drop_duplicates())
        .mark_rule(strokeDash=[4, 4], opacity=0.8)
        .encode(x=alt.X("interval_level:Q", scale=domain), color=alt.Color("promised:N", scale=colours))
    )
    chart = alt.layer(
        aims,
        base.mark_rule(strokeWidth=2, opacity=0.45).encode(x=alt.X("low:Q", scale=domain), x2="high:Q"),
        base.mark_point(filled=True, size=60, opacity=1).encode(
            x=alt.X(
                "covered_pct:Q",
                title="covered out of fold, %",
                scale=domain,
                axis=alt.Axis(tickCount=6),
            ),
            shape=alt.Shape("promised:N", title="Promised", scale=shapes),
        ),
    )
    return (
        chart.properties(width="container", height=24 * rows["label"].nunique())
        .configure(**CONFIG.to_dict())
        .to_dict()
    )


def observed_figure(out_of_fold: pd.DataFrame) -> Figure:
    """Published against predicted shares of one oxide, each project predicted without its site.

    Args:
        out_of_fold: Predictions of measured projects by the current run.
    """
    rows = out_of_fold.assign(deposit_family=out_of_fold["family"].map(words))
    digits = list(rows.select_dtypes("float").columns)
    rows[digits] = rows[digits].round(3)
    oxides = list(rows["oxide"].unique())
    first = "Nd2O3" if "Nd2O3" in oxides else oxides[0]
    chart = (
        alt.layer(*_observed_layers(rows))
        .add_params(alt.param(name="oxide", value=first))
        .properties(width="container", height=400)
        .configure(**CONFIG.to_dict())
    )
    return Figure(
        key="observed",
        title="Published against predicted",
        alternative=(
            f"Scatter plot of published against predicted shares, one oxide at a time, of "
            f"{rows['project_id'].nunique()} measured projects, each predicted by models that never saw "
            "its site."
        ),
        is_narrow=True,
        caption="Bars are 90 % intervals; on the dashed line prediction and publication agree.",
        spec=chart.to_dict(),
        choices=(
            Choice("oxide", "Oxide", {name: name for name in [first, *(o for o in oxides if o != first)]}),
        ),
    )


def _observed_layers(rows: pd.DataFrame) -> tuple[Any, ...]:
    colour, shape = family_scales(set(rows["family"]))
    legend = alt.Legend(columns=columns(7), symbolOpacity=1)
    kept = [
        "name",
        "oxide",
        "deposit_family",
        "observed_pct",
        "predicted_pct",
        "lower_90_pct",
        "upper_90_pct",
    ]
    base = alt.Chart(rows[kept]).transform_filter("datum.oxide === oxide")
    y = alt.Y("predicted_pct:Q", title="predicted, % of TREO")
    x = alt.X(
        "observed_pct:Q",
        title="published, % of TREO",
        axis=alt.Axis(tickCount=alt.ExprRef(f"{NARROW} ? 5 : 8")),
    )
    equal = base.mark_line(color=MUTED, strokeDash=[4, 4], strokeWidth=1).encode(
        x=x, y=alt.Y("observed_pct:Q", title="predicted, % of TREO")
    )
    intervals = base.mark_rule(opacity=0.28, strokeWidth=2).encode(
        x=x,
        y=alt.Y("lower_90_pct:Q", title="predicted, % of TREO"),
        y2="upper_90_pct:Q",
        color=alt.Color("deposit_family:N", title="Deposit family", scale=colour, legend=legend),
    )
    points = base.mark_point(filled=True, size=70, opacity=0.9).encode(
        x=x,
        y=y,
        color=alt.Color("deposit_family:N", title="Deposit family", scale=colour, legend=legend),
        shape=alt.Shape("deposit_family:N", title="Deposit family", scale=shape, legend=legend),
        tooltip=[
            alt.Tooltip("name:N", title="project"),
            alt.Tooltip("deposit_family:N", title="deposit family"),
            alt.Tooltip("observed_pct:Q", title="published, %", format=".2f"),
            alt.Tooltip("predicted_pct:Q", title="predicted, %", format=".2f"),
            alt.Tooltip("lower_90_pct:Q", title="90 % interval from", format=".2f"),
            alt.Tooltip("upper_90_pct:Q", title="to", format=".2f"),
        ],
    )
    return equal, intervals, points
