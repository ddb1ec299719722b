"""The model card and its figures, made from the published file."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import altair as alt
import duckdb
import pandas as pd

from ml import OXIDES
from warehouse.file.query import connect
from warehouse.pages import mineral_patterns
from warehouse.pages.geochemistry import chondrite_ratio
from warehouse.pages.templates import templates
from warehouse.paths import DEFAULT_OUTPUT, PROJECT_ROOT
from warehouse.writing import write_text

DOCS = PROJECT_ROOT / "docs"
TEMPLATES = DOCS / "templates"

FEW_PROJECTS, COVERAGE_POINTS = 5, 8.0
"""Coverage should be within so many points of the promise in families of so many measured projects."""

METRICS = """
    select metrics.*, runs.model_name = metrics.model_name as is_published
    from marts.fct_model_metrics as metrics
    inner join marts.dim_model_runs as runs using (model_run_id)
    where runs.is_current
"""

STUDIES = """
    select metrics.*
    from marts.fct_model_metrics as metrics
    where metrics.model_run_id in (
        select arg_max(model_run_id, trained_at) from marts.dim_model_runs where is_study group by model_name
    )
"""


def write(published: Path = DEFAULT_OUTPUT, docs: Path = DOCS) -> Path:
    """Write ``model-card.md`` and ``figures/`` into a folder, and return the card's path."""
    figures = docs / "figures"
    figures.mkdir(parents=True, exist_ok=True)
    with connect(published) as connection:
        metrics, studies = connection.execute(METRICS).df(), connection.execute(STUDIES).df()
        for name, chart in _charts(connection, metrics, studies).items():
            drawn = io.StringIO()
            chart.save(drawn, format="svg")
            write_text(figures / f"{name}.svg", drawn.getvalue())
        write_text(figures / "mineral_groups.svg", mineral_patterns.pattern_svg(connection))
        card = docs / "model-card.md"
        write_text(card, _render(connection, metrics, studies))
    return card


def _render(connection: duckdb.DuckDBPyConnection, metrics: pd.DataFrame, studies: pd.DataFrame) -> str:
    environment = templates(TEMPLATES)
    runs = connection.execute("select * from marts.dim_model_runs where is_current").df()
    run = runs.to_dict("records")[0]
    families = connection.execute(FAMILIES).df().to_dict("records")
    return environment.get_template("model-card.md.j2").render(
        run=run,
        settings=json.loads(run["hyperparameters"]),
        chosen=json.loads(run["chosen"]) if run["chosen"] else {},
        league=_league(metrics),
        value=_Values(metrics),
        study=_Values(studies),
        curve=_curve(studies),
        uneven=_uneven_coverage(metrics),
        families=families,
        bases=_bases(connection),
        mineral_groups=mineral_patterns.groups(connection),
        **_label_studies(connection, studies),
        oxides=OXIDES,
        counts=connection.execute(COUNTS).df().to_dict("records")[0],
    )


FAMILIES = """
    select coalesce(types.deposit_family, 'unknown') as family,
        count(*) as projects,
        count(*) filter (where projects.has_full_composition) as measured,
        count(*) filter (where not projects.has_full_composition and projects.grade_treo_wt_pct is null)
            as unmeasured_without_grade
    from marts.dim_projects as projects
    left join marts.dim_deposit_types as types using (deposit_type_id)
    group by all order by measured desc, projects desc
"""

COUNTS = """
    select count(*) as projects,
        count(*) filter (where has_full_composition) as measured,
        count(distinct site_id) filter (where has_full_composition) as measured_sites,
        count(*) filter (where not has_full_composition) as unmeasured,
        count(*) filter (where not has_full_composition and grade_treo_wt_pct is null) as without_grade,
        count(*) filter (where reported_oxides between 1 and 14) as partly_reported,
        count(*) filter (where not has_full_composition and site_id in (
            select site_id from marts.dim_projects where has_full_composition
        )) as with_measured_sibling
    from marts.dim_projects
"""


BASES = ("stated", "inferred", "none")

VARIANT_WORDS = {
    "as_labelled": "as labelled",
    "hidden": "none",
    "stated_only": "stated ones alone, inferred ones unknown",
}
"""Label studies that are not in `marts.fct_mineral_label_variants`; those are named as they are there."""


def _bases(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Any]]:
    """Projects and interval widths by how the host mineral behind a prediction is known."""
    counts = mineral_patterns.label_counts(connection).set_index("mineral_basis")
    rows = counts.reindex(list(BASES)).fillna({"measured": 0, "unmeasured": 0})
    return rows.astype({"measured": int, "unmeasured": int}).to_dict("index")  # type: ignore[return-value]


def _label_studies(connection: duckdb.DuckDBPyConnection, studies: pd.DataFrame) -> dict[str, Any]:
    """What the template says of studies of the mineral labels; empty where none was made."""
    settings = connection.execute(
        "select arg_max(hyperparameters, trained_at) from marts.dim_model_runs "
        "where model_name = 'study_mineral_permutations'"
    ).fetchone()
    found = json.loads(settings[0]) if settings and settings[0] else {}
    labels = studies[studies["protocol"] == "mineral_labels"]
    strata = list(dict.fromkeys(labels.loc[labels["metric"] == "rmse_pct", "stratum"]))
    known = [name for name in VARIANT_WORDS if name in strata]
    others = sorted(set(strata) - set(known))
    return {
        "permutations": found.get("permutations"),
        "study_repeats": found.get("repeats"),
        "variants": [(name, VARIANT_WORDS.get(name, f"`{name}`")) for name in known + others],
        "moved": _moved(labels),
    }


def _moved(labels: pd.DataFrame) -> list[dict[str, Any]]:
    """Variants that change labels of unmeasured projects, and what that does to their heavy rare earths."""
    prefix = "unmeasured_hree_mean_"
    rows = labels[labels["metric"].str.startswith(prefix)]
    wide = rows.pivot(index=["stratum", "projects"], columns="metric", values="value").reset_index()
    return [
        {
            "variant": f"`{row['stratum']}`",
            "projects": int(row["projects"]),
            "labelled": row[f"{prefix}as_labelled_pct"],
            "changed": row[f"{prefix}as_in_variant_pct"],
        }
        for row in wide.to_dict("records")
    ]


class _Values:
    """Looks up numbers for the template; a number that was not measured is an error, not a blank."""

    def __init__(self, metrics: pd.DataFrame) -> None:
        keys = ["model_name", "protocol", "metric", "target", "stratum"]
        self._rows: dict[Any, Any] = metrics.set_index(keys)[["value", "standard_error"]].to_dict("index")

    def has(self, model: str, metric: str, protocol: str) -> bool:
        """Whether a number over all targets and families was measured."""
        return (model, protocol, metric, "all", "all") in self._rows

    def __call__(
        self,
        model: str,
        metric: str,
        protocol: str = "grouped_cv",
        target: str = "all",
        stratum: str = "all",
        digits: int = 2,
    ) -> str:
        row = self._rows[model, protocol, metric, target, stratum]
        error = row["standard_error"]
        spread = "" if pd.isna(error) or not error else f" ± {error:.{digits}f}"
        return f"{row['value']:.{digits}f}{spread}"


def _league(metrics: pd.DataFrame) -> list[str]:
    is_headline = (
        (metrics["protocol"] == "grouped_cv")
        & (metrics["metric"] == "rmse_pct")
        & (metrics["target"] == "all")
    )
    return [str(name) for name in metrics[is_headline].sort_values("value")["model_name"]]


def _curve(studies: pd.DataFrame) -> list[dict[str, Any]]:
    """Points of the learning curve: sites, model, RMSE and its standard error; none if not studied."""
    rows = studies[studies["protocol"] == "learning_curve"]
    sites = rows["stratum"].str.removeprefix("sites_").astype(int)
    points = rows.assign(sites=sites)[["sites", "model_name", "value", "standard_error"]]
    return points.sort_values(["model_name", "sites"]).to_dict("records")  # type: ignore[return-value]


def _uneven_coverage(metrics: pd.DataFrame) -> list[dict[str, Any]]:
    """Families of five or more projects whose coverage is over 8 points from what was promised."""
    rows = metrics[
        (metrics["protocol"] == "published_intervals")
        & metrics["metric"].str.startswith("family_coverage_")
        & (metrics["target"] == "all")
        & (metrics["projects"] >= FEW_PROJECTS)
    ]
    rows = rows.assign(promised=rows["metric"].str[-2:].astype(float), covered=100 * rows["value"])
    far = rows[(rows["covered"] - rows["promised"]).abs() > COVERAGE_POINTS]
    return far[["stratum", "promised", "covered"]].to_dict("records")  # type: ignore[return-value]


def _charts(
    connection: duckdb.DuckDBPyConnection, metrics: pd.DataFrame, studies: pd.DataFrame
) -> dict[str, Any]:
    predictions = connection.execute(
        """
        select predictions.*, types.deposit_family,
            oxides.element, oxides.oxide_to_element_factor, oxides.chondrite_ppm
        from marts.fct_composition_predictions as predictions
        inner join marts.dim_oxides as oxides using (oxide)
        inner join marts.dim_model_runs as runs using (model_run_id)
        inner join marts.dim_projects as projects using (project_id)
        left join marts.dim_deposit_types as types using (deposit_type_id)
        where runs.is_current and predictions.observed_pct is not null
            and predictions.prediction_kind = 'out_of_fold'
        order by predictions.project_id, oxides.pattern_order
        """
    ).df()
    charts = {
        "league": _league_chart(metrics),
        "observed_predicted": _observed_chart(predictions),
        "calibration": _calibration_chart(metrics),
        "patterns": _pattern_chart(predictions),
    }
    curve = _curve(studies)
    return charts | ({"learning_curve": _curve_chart(pd.DataFrame(curve))} if curve else {})


def _curve_chart(curve: pd.DataFrame) -> Any:
    return (
        alt.Chart(curve)
        .mark_line(point=True)
        .encode(
            x=alt.X("sites:Q", title="measured sites trained on", scale=alt.Scale(zero=False)),
            y=alt.Y("value:Q", title="RMSE, % of TREO", scale=alt.Scale(zero=False)),
            color=alt.Color("model_name:N", title="model"),
        )
    )


def _league_chart(metrics: pd.DataFrame) -> Any:
    chosen = metrics[
        metrics["protocol"].isin(["grouped_cv", "random_cv"])
        & (metrics["metric"] == "rmse_pct")
        & (metrics["target"] == "all")
    ].assign(
        low=lambda rows: rows["value"] - rows["standard_error"],
        high=lambda rows: rows["value"] + rows["standard_error"],
    )
    order = _league(metrics)
    base = alt.Chart(chosen).encode(y=alt.Y("model_name:N", sort=order, title=None))
    colour = alt.Color("protocol:N", title="folds")
    offset = alt.YOffset("protocol:N")
    points = base.mark_point(filled=True, size=50).encode(
        x=alt.X(
            "value:Q", title="RMSE, % of TREO (± standard error over sites)", scale=alt.Scale(zero=False)
        ),
        color=colour,
        yOffset=offset,
    )
    bars = base.mark_rule().encode(x="low:Q", x2="high:Q", color=colour, yOffset=offset)
    return (bars + points).properties(width=460, height=alt.Step(14))


def _observed_chart(predictions: pd.DataFrame) -> Any:
    limit = alt.Scale(zero=False)
    return (
        alt.Chart(predictions)
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


def _calibration_chart(metrics: pd.DataFrame) -> Any:
    is_wanted = (metrics["protocol"] == "published_intervals") & metrics["metric"].str.match(
        "(family_)?coverage_"
    )
    chosen = metrics[is_wanted & (metrics["target"] == "all")].assign(
        promised=lambda rows: rows["metric"].str[-2:] + " %",
        family=lambda rows: rows["stratum"] + " (" + rows["projects"].astype(int).astype(str) + ")",
        covered=lambda rows: 100 * rows["value"],
        low=lambda rows: 100 * (rows["value"] - rows["standard_error"]).clip(lower=0),
        high=lambda rows: 100 * (rows["value"] + rows["standard_error"]).clip(upper=1),
    )
    base = alt.Chart(chosen).encode(
        y=alt.Y("family:N", title="family (measured projects)"),
        color=alt.Color("promised:N", title="promised"),
        yOffset="promised:N",
    )
    x = alt.X("covered:Q", title="cells covered out of fold, %", scale=alt.Scale(domain=[40, 100]))
    lines = (
        alt.Chart(pd.DataFrame({"at": [80, 90]})).mark_rule(strokeDash=[4, 4], color="grey").encode(x="at:Q")
    )
    spread = base.mark_rule().encode(x=alt.X("low:Q", scale=alt.Scale(domain=[40, 100])), x2="high:Q")
    return lines + spread + base.mark_point(filled=True, size=50).encode(x=x)


def _pattern_chart(predictions: pd.DataFrame) -> Any:
    """Chondrite-normalised median patterns per family, published and predicted."""
    columns = {"published": "observed_pct", "predicted out of fold": "predicted_pct"}
    long = pd.concat(
        [
            predictions.assign(origin=origin, ratio=chondrite_ratio(predictions, column))
            for origin, column in columns.items()
        ]
    )
    medians = long.groupby(["deposit_family", "origin", "element"], as_index=False)["ratio"].median()
    return (
        alt.Chart(medians[medians["ratio"] > 0])
        .mark_line(point=True)
        .encode(
            x=alt.X("element:N", sort=list(predictions["element"].unique()), title=None),
            y=alt.Y("ratio:Q", scale=alt.Scale(type="log"), title="element in TREO / CI chondrite"),
            color=alt.Color("origin:N", title="median"),
        )
        .properties(width=220, height=150)
        .facet(facet=alt.Facet("deposit_family:N", title=None), columns=3)
    )
