"""The tables this package writes, in schema `ml`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from ml.store.marts import open_file

SCHEMA = "ml"

metadata = sa.MetaData(schema=SCHEMA)

model_runs = sa.Table(
    "model_runs",
    metadata,
    sa.Column("model_run_id", sa.String, primary_key=True, comment="Key of the run."),
    sa.Column("model_name", sa.String, nullable=False, comment="Model behind the predictions."),
    sa.Column("trained_at", sa.DateTime, nullable=False, comment="End of training, UTC."),
    sa.Column("seed", sa.BigInteger, nullable=False, comment="Root of all random draws."),
    sa.Column("code_version", sa.String, nullable=False, comment="Package version and hash of its code."),
    sa.Column("data_sha256", sa.String, nullable=False, comment="SHA-256 of the rows read, in hex."),
    sa.Column(
        "run_key",
        sa.String,
        nullable=False,
        comment="SHA-256 of data, code, settings and library versions: equal keys, equal results.",
    ),
    sa.Column("hyperparameters", sa.String, nullable=False, comment="All settings, JSON text."),
    sa.Column(
        "chosen",
        sa.String,
        nullable=True,
        comment="What was chosen inside the training rows, JSON text: mean blend weights over folds by site, "
        "with_minerals and without_minerals.",
    ),
    sa.Column("training_rows", sa.Integer, nullable=False, comment="Projects trained on."),
    sa.Column("is_current", sa.Boolean, nullable=False, comment="True for exactly one run."),
    sa.Column(
        "is_study",
        sa.Boolean,
        nullable=False,
        comment="True for runs of `make study`, which never become current and predict nothing.",
    ),
    comment="One row per training run; every run is kept.",
)

model_metrics = sa.Table(
    "model_metrics",
    metadata,
    sa.Column("model_run_id", sa.String, nullable=False, comment="Run."),
    sa.Column("model_name", sa.String, nullable=False, comment="Model measured."),
    sa.Column(
        "protocol",
        sa.String,
        nullable=False,
        comment="grouped_cv: no site on both sides of a fold; grouped_cv_amounts_hidden: the same, "
        "grade and resource of the predicted rows hidden; grouped_cv_minerals_hidden, "
        "grouped_cv_amounts_and_minerals_hidden: host minerals hidden, and predicted by models that saw "
        "none; grouped_cv_hree_known, "
        "grouped_cv_la_ce_nd_y_known: a part of the composition given, error of the rest; "
        "grouped_cv_as_known: as much hidden as is not known of the unmeasured projects that it speaks of; "
        "random_cv: folds of single rows; leave_one_project_out, "
        "leave_one_site_out: projects with a measured sibling, with it and without; published_intervals: "
        "intervals as published, measured projects; completed_intervals: those of completed compositions, "
        "La, Ce, Nd and Y given; reference_*: the reference study's own splits; "
        "learning_curve: folds by site, as many sites trained on as the stratum says; mineral_labels: folds "
        "by site, host minerals labelled as the stratum says; mineral_permutation: host minerals shuffled "
        "within families.",
    ),
    sa.Column("metric", sa.String, nullable=False, comment="What is measured, with its unit."),
    sa.Column("target", sa.String, nullable=False, comment="'all', an oxide, or a sum: hree, ndpr, magnet."),
    sa.Column(
        "stratum_kind",
        sa.String,
        nullable=False,
        comment="What the projects are sorted by: 'all' where the number is taken over all of them; family: "
        "deposit family; host_group: group of the principal host mineral; mineral_basis: how that host is "
        "known; yttrium_hosts: whether that host is of the yttrium minerals; unmeasured: family of the "
        "unmeasured projects, whose cells measured ones speak for; measured: all that is measured, what "
        "models do not learn from too; training_sites: sites a learning curve trained on; label_variant: "
        "labels of host minerals.",
    ),
    sa.Column(
        "stratum",
        sa.String,
        nullable=False,
        comment="Which part of that kind the number is taken over; 'all' where it is all projects.",
    ),
    sa.Column(
        "interval_level",
        sa.Integer,
        nullable=True,
        comment="Level of the prediction intervals it is about, per cent: 80 or 90; null where it is not "
        "about intervals.",
    ),
    sa.Column(
        "compared_model_name",
        sa.String,
        nullable=True,
        comment="For a paired difference, the model whose number is taken off; else null.",
    ),
    sa.Column(
        "compared_protocol",
        sa.String,
        nullable=True,
        comment="For a paired difference, the protocol the number taken off was measured under; else null.",
    ),
    sa.Column("value", sa.Double, nullable=False, comment="The number."),
    sa.Column(
        "standard_error",
        sa.Double,
        nullable=True,
        comment="By bootstrap over sites, in the unit of value; null where not estimated.",
    ),
    sa.Column(
        "projects", sa.Integer, nullable=True, comment="Projects it is taken over; null if not counted."
    ),
    sa.Column("sites", sa.Integer, nullable=True, comment="Sites of those; null if not counted."),
    comment="One row per run, model, protocol, metric, target, stratum, level of intervals and model "
    "compared with.",
)


def _prediction_columns() -> list[sa.Column[Any]]:
    """Columns that predictions of oxides and of sums have in common."""
    return [
        sa.Column("predicted_pct", sa.Double, nullable=False, comment="Predicted share, per cent of TREO."),
        sa.Column("lower_80_pct", sa.Double, nullable=False, comment="Lower end, 80 % interval."),
        sa.Column("upper_80_pct", sa.Double, nullable=False, comment="Upper end, 80 % interval."),
        sa.Column("lower_90_pct", sa.Double, nullable=False, comment="Lower end, 90 % interval."),
        sa.Column("upper_90_pct", sa.Double, nullable=False, comment="Upper end, 90 % interval."),
        sa.Column(
            "prediction_kind",
            sa.String,
            nullable=False,
            comment="out_of_fold: measured, by models that saw nothing of its site; unlabelled: "
            "unmeasured; completed: some shares published, the rest predicted.",
        ),
        sa.Column(
            "is_extrapolated",
            sa.Boolean,
            nullable=False,
            comment="Few measured sites are of its family, of its host group or of both, or its grade or "
            "resource is out of the known range.",
        ),
        sa.Column(
            "mineral_basis",
            sa.String,
            nullable=False,
            comment="How the host mineral it rests on is known: stated or inferred; none where it rests on "
            "no mineral.",
        ),
    ]


def _without(columns: list[sa.Column[Any]], name: str) -> list[sa.Column[Any]]:
    return [column for column in columns if column.name != name]


composition_predictions = sa.Table(
    "composition_predictions",
    metadata,
    sa.Column("model_run_id", sa.String, primary_key=True, comment="Run."),
    sa.Column("project_id", sa.String, primary_key=True, comment="Project."),
    sa.Column("oxide", sa.String, primary_key=True, comment="Oxide, as in marts.dim_oxides."),
    *_prediction_columns(),
    comment="One row per run, project and oxide; the 15 of a project sum to 100.",
)

group_predictions = sa.Table(
    "group_predictions",
    metadata,
    sa.Column("model_run_id", sa.String, primary_key=True, comment="Run."),
    sa.Column("project_id", sa.String, primary_key=True, comment="Project."),
    sa.Column(
        "target",
        sa.String,
        primary_key=True,
        comment="hree: Gd to Lu and Y; ndpr: Nd and Pr; magnet: Pr, Nd, Tb, Dy.",
    ),
    *_prediction_columns(),
    comment="One row per run, project and sum of oxides.",
)

site_predictions = sa.Table(
    "site_predictions",
    metadata,
    sa.Column("model_run_id", sa.String, primary_key=True, comment="Run."),
    sa.Column("site_id", sa.String, primary_key=True, comment="Site that no project is of."),
    sa.Column("oxide", sa.String, primary_key=True, comment="Oxide, as in marts.dim_oxides."),
    *_without(_prediction_columns(), "prediction_kind"),
    comment="One row per run, site and oxide; the 15 of a site sum to 100. Sites of unknown family and "
    "host are not predicted.",
)

calibration_predictions = sa.Table(
    "calibration_predictions",
    metadata,
    sa.Column("model_run_id", sa.String, primary_key=True, comment="Run."),
    sa.Column("project_id", sa.String, primary_key=True, comment="Measured project."),
    sa.Column(
        "variant",
        sa.String,
        primary_key=True,
        comment="amounts_hidden, minerals_hidden, amounts_and_minerals_hidden: that of the row hidden; "
        "family_unseen, family_unseen_minerals_hidden: nothing of its family trained on.",
    ),
    sa.Column("oxide", sa.String, primary_key=True, comment="Oxide, as in marts.dim_oxides."),
    sa.Column("predicted_pct", sa.Double, nullable=False, comment="Predicted share, per cent of TREO."),
    comment="Further out-of-fold predictions that the intervals are made of.",
)

zero_estimates = sa.Table(
    "zero_estimates",
    metadata,
    sa.Column("model_run_id", sa.String, primary_key=True, comment="Run."),
    sa.Column("project_id", sa.String, primary_key=True, comment="Measured project."),
    sa.Column("oxide", sa.String, primary_key=True, comment="Oxide, as in marts.dim_oxides."),
    sa.Column(
        "estimated_pct", sa.Double, nullable=False, comment="Share, per cent as the printed ones beside it."
    ),
    sa.Column("lower_90_pct", sa.Double, nullable=False, comment="Lower end, 90 % interval."),
    sa.Column("upper_90_pct", sa.Double, nullable=False, comment="Upper end, 90 % interval."),
    comment="One row per run and share that a measured project prints as zero.",
)


composition_draws = sa.Table(
    "composition_draws",
    metadata,
    sa.Column("model_run_id", sa.String, nullable=False, comment="Run."),
    sa.Column("subject_id", sa.String, nullable=False, comment="Project, or site that no project is of."),
    sa.Column("draw", sa.Integer, nullable=False, comment="Number of the draw, from 1."),
    sa.Column("oxide", sa.String, nullable=False, comment="Oxide, as in marts.dim_oxides."),
    sa.Column("share_pct", sa.Double, nullable=False, comment="Drawn share, per cent of TREO."),
    comment="One row per subject, oxide and draw of the current run: whole compositions that a subject may "
    "have whose composition is not all published; the 15 of a draw sum to 100.",
)

KEPT: tuple[sa.Table, ...] = tuple(
    table for table in metadata.sorted_tables if table is not composition_draws
)
"""Tables that hold every run; the others follow from them and are made again by every build."""


def create_tables(database: Path) -> None:
    """Create the schema and its empty, typed tables where they do not exist yet.

    Args:
        database: DuckDB file to write to, made where it is not there.
    """
    with open_file(database, read_only=False).begin() as connection:
        create_tables_on(connection)


def create_tables_on(connection: sa.Connection) -> None:
    """Do as `create_tables`, within the transaction of a connection."""
    connection.execute(sa.schema.CreateSchema(SCHEMA, if_not_exists=True))
    metadata.create_all(connection)
