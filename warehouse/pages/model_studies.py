"""The page of the longer studies: what ``ree study`` added to the published file."""

from __future__ import annotations

import json

import duckdb

from warehouse.file.query import records
from warehouse.pages.model_card import PRINTED_BY_THE_REFERENCE, TEMPLATES
from warehouse.pages.numbers import LATEST_STUDIES, Numbers, with_error
from warehouse.pages.templates import templates

RUNS = "from marts.dim_model_runs where is_latest_study order by model_name"

CURVE = f"""
    select model_name, cast(stratum as integer) as sites, value, standard_error from ({LATEST_STUDIES})
    where stratum_kind = 'training_sites' and metric = 'rmse_pct' order by model_name, sites
"""
VARIANTS = f"""
    select stratum, bool_or(metric = 'relabelled_mean_after_pct') as moves_predictions from ({LATEST_STUDIES})
    where stratum_kind = 'label_variant' group by stratum
    order by stratum <> 'as_labelled', stratum <> 'hidden', stratum <> 'stated_only', stratum
"""
CHAMPION = "select model_name from marts.dim_model_runs where is_current"

VARIANT_WORDS = {
    "as_labelled": "as labelled",
    "hidden": "none",
    "stated_only": "stated ones alone, inferred ones unknown",
}
"""Variants that are not in `marts.fct_mineral_label_variants`; those are named as they are there."""


def has_studies(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the file holds any study."""
    return bool(records(connection, RUNS))


def render_studies(connection: duckdb.DuckDBPyConnection) -> str:
    """Return the page of the studies as Markdown; a study that was not made is left out."""
    runs = {row["model_name"]: row for row in records(connection, RUNS)}
    (champion,) = records(connection, CHAMPION)
    return (
        templates(TEMPLATES)
        .get_template("model-studies.md.j2")
        .render(
            runs=runs,
            settings={name: json.loads(row["hyperparameters"]) for name, row in runs.items()},
            champion=champion["model_name"],
            study=Numbers(connection, LATEST_STUDIES),
            curve=records(connection, CURVE),
            variants=[
                row | {"words": VARIANT_WORDS.get(row["stratum"], f"`{row['stratum']}`")}
                for row in records(connection, VARIANTS)
            ],
            pm=with_error,
            printed=PRINTED_BY_THE_REFERENCE,
        )
    )
