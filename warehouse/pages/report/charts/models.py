"""How good the predictions are: league, calibration, observed against predicted."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from warehouse.pages.report.figure import Choice, Column, Figure, Table, highest_row
from warehouse.pages.report.style import BLUE, CONFIG, MUTED, NARROW, ORANGE, columns, family_scales, words

_LEAGUE_COLUMNS = {
    ("grouped_cv", "rmse_pct"): Column("rmse_pct", "RMSE", 2, "% of TREO"),
    ("grouped_cv", "standard_error"): Column("standard_error", "± standard error", 2, "% of TREO"),
    ("grouped_cv", "aitchison_distance"): Column("aitchison_distance", "Aitchison distance", 2),
    ("grouped_cv", "crps_pct"): Column("crps_pct", "CRPS", 2, "% of TREO"),
    ("grouped_cv", "hree_rmse_pct"): Column("hree_rmse_pct", "RMSE of HREE", 2, "% of TREO"),
    ("random_cv", "rmse_pct"): Column("random_rmse_pct", "RMSE, random folds", 2, "% of TREO"),
}

_PROMISES = {"80": BLUE, "90": ORANGE}


def league_rows(metrics: pd.DataFrame) -> pd.DataFrame:
    """One row per model, best first, with its errors out of fold.

    Args:
        metrics: ``marts.fct_model_metrics`` of the current run.
    """
    overall = metrics[(metrics["target"] == "all") & (metrics["stratum"] == "all")]
    wanted = [(p, m) for p, m in _LEAGUE_COLUMNS if m != "standard_error"]
    found = {
        _LEAGUE_COLUMNS[protocol, metric].name: overall[
            (overall["protocol"] == protocol) & (overall["metric"] == metric)
        ].set_index("model_name")
        for protocol, metric in wanted
    }
    rows = pd.DataFrame({name: frame["value"] for name, frame in found.items()})
    rows["standard_error"] = found["rmse_pct"]["standard_error"]
    rows["is_published"] = found["rmse_pct"]["is_published"]
    rows = rows.dropna(subset=["rmse_pct"]).sort_values("rmse_pct")
    return rows.rename_axis("model_name").reset_index().assign(model=lambda r: r["model_name"].map(words))


def league_figure(metrics: pd.DataFrame) -> Figure:
    """The league: error of each model with whole sites left out.

    Args:
        metrics: ``marts.fct_model_metrics`` of the current run.
    """
    rows = league_rows(metrics)
    rows = rows.assign(
        low=rows["rmse_pct"] - rows["standard_error"], high=rows["rmse_pct"] + rows["standard_error"]
    )
    kept = ["model", "is_published", "rmse_pct", "standard_error", "low", "high"]
    base = alt.Chart(rows[kept]).encode(
        y=alt.Y("model:N", sort=list(rows["model"]), title=None, axis=alt.Axis(ticks=False, domain=False)),
        color=alt.condition("datum.is_published", alt.value(ORANGE), alt.value(BLUE)),
        tooltip=[
            alt.Tooltip("model:N"),
            alt.Tooltip("rmse_pct:Q", title="RMSE, % of TREO", format=".2f"),
            alt.Tooltip("standard_error:Q", title="standard error", format=".2f"),
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
                shape=alt.condition("datum.is_published", alt.value("diamond"), alt.value("circle")),
            ),
        )
        .properties(width="container", height=26 * len(rows))
        .configure(**CONFIG.to_dict())
    )
    best, worst = rows.iloc[0], rows.iloc[-1]
    published = rows[rows["is_published"]]
    says = "".join(
        f" The published model is {row.model} ({row.rmse_pct:.2f} ± {row.standard_error:.2f})."
        for row in published.itertuples()
    )
    return Figure(
        key="league",
        title="The league",
        alternative=(
            f"Dot plot of the error of {len(rows)} models with whole sites left out, from {best['model']} "
            f"({best['rmse_pct']:.2f} % of TREO) to {worst['model']} ({worst['rmse_pct']:.2f}).{says}"
        ),
        caption="Orange diamond: the published model. Lower is better; bars that overlap are no ranking.",
        spec=chart.to_dict(),
        tables=(
            Table(
                "league-table",
                "Errors out of fold; folds leave whole sites out unless another is named",
                (Column("model", "model"), *_LEAGUE_COLUMNS.values()),
                rows,
            ),
        ),
    )


def coverage_rows(metrics: pd.DataFrame) -> pd.DataFrame:
    """What the published intervals cover, by deposit family and by oxide or sum.

    Args:
        metrics: ``marts.fct_model_metrics`` of the current run.

    Returns:
        Frame with ``by`` (family, oxide), ``what``, ``promised_pct``, ``covered_pct``,
        ``standard_error_pct``, ``projects``.
    """
    wanted = metrics[
        (metrics["protocol"] == "published_intervals") & metrics["metric"].str.match("(family_)?coverage_")
    ]
    is_family = wanted["metric"].str.startswith("family_")
    is_kept = is_family & (wanted["target"] == "all") | ~is_family
    rows = wanted[is_kept].assign(
        by=is_family.map({True: "family", False: "oxide"}),
        what=wanted["stratum"].where(is_family, wanted["target"]),
        promised_pct=wanted["metric"].str[-2:].astype(float),
        covered_pct=100 * wanted["value"],
        standard_error_pct=100 * wanted["standard_error"],
    )
    return rows[["by", "what", "promised_pct", "covered_pct", "standard_error_pct", "projects"]]


def calibration_figures(metrics: pd.DataFrame, oxides: list[str]) -> tuple[Figure, Figure]:
    """Share of measured values inside the published intervals, by deposit family and by oxide.

    Args:
        metrics: ``marts.fct_model_metrics`` of the current run.
        oxides: Oxides in their order.
    """
    rows = coverage_rows(metrics)
    family = rows[rows["by"] == "family"].sort_values(["projects", "what"], ascending=[False, True])
    family = family.assign(
        label=family["what"].map(words) + " (" + family["projects"].astype("Int64").astype(str) + ")"
    )
    order = [*oxides, "hree", "ndpr", "magnet", "all"]
    oxide = rows[(rows["by"] == "oxide") & rows["what"].isin(order)].assign(label=lambda r: r["what"])
    oxide = oxide.sort_values("what", key=lambda names: names.map(order.index))
    return (
        _coverage_figure("calibration-family", "Covered by deposit family (measured projects)", family),
        _coverage_figure("calibration-oxide", "Covered by oxide and sum", oxide),
    )


def _coverage_figure(key: str, title: str, rows: pd.DataFrame) -> Figure:
    rows = rows.assign(
        promised=rows["promised_pct"].map("{:.0f} %".format),
        low=(rows["covered_pct"] - rows["standard_error_pct"]).clip(lower=0),
        high=(rows["covered_pct"] + rows["standard_error_pct"]).clip(upper=100),
    )
    farthest = highest_row(
        rows.assign(distance=(rows["covered_pct"] - rows["promised_pct"]).abs()), "distance"
    )
    return Figure(
        key=key,
        title=title,
        alternative=(
            f"Dot plot of the share of measured values that the 80 % and 90 % intervals cover. Farthest "
            f"from its promise: {farthest['label']}, {farthest['covered_pct']:.0f} % covered where "
            f"{farthest['promised_pct']:.0f} % were promised."
        ),
        spec=_coverage_spec(rows),
        tables=(
            Table(
                f"{key}-table",
                f"{title}, out of fold",
                (
                    Column("label", "what"),
                    Column("promised_pct", "promised", 0, "%"),
                    Column("covered_pct", "covered", 1, "%"),
                    Column("standard_error_pct", "± standard error", 1, "points"),
                ),
                rows,
            ),
        ),
    )


def _coverage_spec(rows: pd.DataFrame) -> Any:
    domain = alt.Scale(domain=[min(40.0, float(rows["low"].min())), 100])
    promised = list(rows["promised"].unique())
    colours = alt.Scale(domain=[f"{name} %" for name in _PROMISES], range=list(_PROMISES.values()))
    shapes = alt.Scale(domain=[f"{name} %" for name in _PROMISES], range=["circle", "diamond"])
    offset = alt.YOffset("promised:N", scale=alt.Scale(domain=sorted(promised), paddingOuter=0.6))
    kept = rows[["label", "promised", "promised_pct", "covered_pct", "low", "high"]]
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
        alt.Chart(rows[["promised", "promised_pct"]].drop_duplicates())
        .mark_rule(strokeDash=[4, 4], opacity=0.8)
        .encode(x=alt.X("promised_pct:Q", scale=domain), color=alt.Color("promised:N", scale=colours))
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
