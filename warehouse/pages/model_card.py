"""The model card: the current run of the published file, judged."""

from __future__ import annotations

import json
from typing import Any

import duckdb

from ml import OXIDES
from warehouse.file.query import records
from warehouse.pages.numbers import CURRENT, Numbers, with_error
from warehouse.pages.templates import templates
from warehouse.paths import PROJECT_ROOT

TEMPLATES = PROJECT_ROOT / "docs" / "templates"

RUN = "from marts.dim_model_runs where is_current"
LEAGUE = "from marts.rpt_model_league order by league_place"
STRATA = """
    from marts.rpt_prediction_strata
    order by stratum_kind, measured_projects desc, projects desc, stratum
"""
HEADLINES = "from marts.rpt_headline_errors order by headline_place"
COVERAGE = "from marts.rpt_interval_coverage order by all"
PATTERNS = "from marts.rpt_mineral_group_patterns order by measured_projects desc, mineral_group"
CHONDRITE = "select distinct chondrite_reference from marts.dim_oxides"

PRINTED_BY_THE_REFERENCE = {"scaled_rmse": "0.23", "rmse_pct": "6.24 %"}
"""The two errors the reference study prints: of its network, and of its variant trained on per cent."""


def render_card(connection: duckdb.DuckDBPyConnection) -> str:
    """Return the model card as Markdown."""
    (run,) = records(connection, RUN)
    strata = records(connection, STRATA)
    league = records(connection, LEAGUE)
    return (
        templates(TEMPLATES)
        .get_template("model-card.md.j2")
        .render(
            run=run,
            settings=json.loads(run["hyperparameters"]),
            chosen=json.loads(run["chosen"]) if run["chosen"] else {},
            headlines=records(connection, HEADLINES),
            league=league,
            by_model={row["model_name"]: row for row in league},
            champion=next(row for row in league if row["is_champion"]),
            strata={kind: [row for row in strata if row["stratum_kind"] == kind] for kind in _kinds(strata)},
            counts=next(row for row in strata if row["stratum_kind"] == "all"),
            coverage=_coverage(connection),
            number=Numbers(connection, CURRENT),
            pm=with_error,
            patterns=records(connection, PATTERNS),
            chondrite=", ".join(row["chondrite_reference"] for row in records(connection, CHONDRITE)),
            printed=PRINTED_BY_THE_REFERENCE,
            oxides=OXIDES,
        )
    )


def _kinds(strata: list[dict[str, Any]]) -> list[str]:
    return list(dict.fromkeys(row["stratum_kind"] for row in strata))


def _coverage(connection: duckdb.DuckDBPyConnection) -> dict[Any, dict[str, Any]]:
    """Rows by protocol, stratum, target and level."""
    keys = ("protocol", "stratum_kind", "stratum", "target", "interval_level")
    return {tuple(row[key] for key in keys): row for row in records(connection, COVERAGE)}
