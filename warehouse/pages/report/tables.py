"""Tables of the page that belong to no chart: projects, compositions, quality, provenance."""

from __future__ import annotations

import json

import pandas as pd

from warehouse.columns import symbol
from warehouse.pages.report.data import ReportData
from warehouse.pages.report.figure import Column, Table
from warehouse.pages.report.style import words


def project_table(projects: pd.DataFrame) -> Table:
    """All projects with what is searched and filtered for."""
    rows = projects.assign(
        deposit_family=projects["family"].map(words),
        country=projects["country_name"].fillna("not stated"),
        resource_kt=projects["resource_treo_t"] / 1e3,
    )
    return Table(
        "projects-table",
        "Projects",
        (
            Column("name", "project"),
            Column("company", "company"),
            Column("country", "country"),
            Column("deposit_family", "deposit family"),
            Column("stage", "stage"),
            Column("resource_kt", "resource", 1, "kt TREO"),
            Column("grade_treo_wt_pct", "grade", 3, symbol("grade_treo_wt_pct")),
            Column("hree_pct", "HREE", 1, symbol("hree_pct")),
            Column("ndpr_pct", "NdPr", 1, symbol("ndpr_pct")),
            Column("magnet_pct", "magnet", 1, symbol("magnet_pct")),
            Column("composition", "composition"),
        ),
        rows,
    )


def composition_table(compositions: pd.DataFrame, projects: pd.DataFrame) -> Table:
    """Best share of each oxide; what is predicted or doubtful is marked in the cell."""
    marks = {"reported": "", "completed": "†", "predicted": "†"}
    mark = compositions["value_origin"].map(marks)
    mark = mark.mask(compositions["is_imputed_zero"], "‡")
    mark = mark.mask(compositions["value_status"] == "zero_suspect", "?")
    cells = compositions.assign(cell=compositions["best_pct"].map("{:.2f}".format) + mark)
    wide = cells.pivot(index="project_id", columns="oxide", values="cell").reset_index(names="id")
    oxides = list(compositions.sort_values("oxide_order")["oxide"].unique())
    rows = projects[["id", "name", "composition"]].merge(wide, on="id", validate="one_to_one")
    return Table(
        "compositions-table",
        "Best composition of every project, % of TREO († predicted; estimated where printed as 0: "
        "‡ too small to print, ? probably not analysed)",
        (
            Column("name", "project"),
            Column("composition", "composition"),
            *(Column(oxide, oxide) for oxide in oxides),
        ),
        rows,
    )


def quality_tables(data: ReportData) -> dict[str, Table]:
    """Findings, cell accounting, unmapped values, rejected rows and checks."""
    accounting = data.cell_accounting
    checks = data.checks.assign(gate=data.checks["gate"].map(words))
    return {
        "findings": Table(
            "findings-table",
            "Findings in the published tables",
            (
                Column("finding_type", "kind"),
                Column("sentence", "finding", wide=True),
                Column("evidence", "rests on", wide=True),
                Column("record_ids", "records", wide=True),
            ),
            data.findings.assign(
                finding_type=data.findings["finding_type"].map(words),
                record_ids=data.findings["record_ids"].str.replace(";", "; "),
            ),
        ),
        "accounting": Table(
            "accounting-table",
            "What became of every cell, by column",
            (
                Column("table_name", "table"),
                Column("column_name", "column"),
                Column("cells_published", "printed", 0),
                Column("cells_carried_as_printed", "carried", 0),
                Column("cells_changed", "changed", 0),
                Column("cells_rejected", "rejected", 0),
                Column("cells_lost", "lost", 0),
                Column("cells_unknown", "unknown", 0),
                Column("cells_blank", "blank", 0),
                Column("cells_in_rejected_rows", "in rejected rows", 0),
                Column("blanks_filled", "filled", 0),
            ),
            accounting,
        ),
        "unmapped": Table(
            "unmapped-table",
            "Published texts nobody has mapped yet",
            (
                Column("value_kind", "kind"),
                Column("value_as_published", "text", wide=True),
                Column("occurrences", "cells", 0),
                Column("remedy", "what to do", wide=True),
            ),
            data.unmapped,
        ),
        "rejected": Table(
            "rejected-table",
            "Rows that could not be carried",
            (Column("file", "file"), Column("line", "line", 0), Column("reason", "reason", wide=True)),
            data.rejected,
        ),
        "checks": Table(
            "checks-table",
            "Every check of this build",
            (
                Column("gate", "gate"),
                Column("check", "check", wide=True),
                Column("outcome", "outcome"),
                Column("observed", "observed", wide=True),
            ),
            checks,
        ),
        "check_counts": Table(
            "check-counts-table",
            "Checks by gate",
            (Column("gate", "gate"), Column("outcome", "outcome"), Column("checks", "checks", 0)),
            checks.groupby(["gate", "outcome"], as_index=False).agg(checks=("check", "size")),
        ),
    }


def provenance_tables(data: ReportData) -> dict[str, Table]:
    """Builds, source files, model runs and library versions."""
    builds = data.builds.assign(
        current=data.builds["is_current"].map({True: "this file", False: ""}),
        built=data.builds["built_at"].dt.strftime("%Y-%m-%d %H:%M"),
    )
    runs = data.runs.assign(
        role=[
            "current" if row.is_current else "study" if row.is_study else "earlier"
            for row in data.runs.itertuples()
        ],
        trained=data.runs["trained_at"].dt.strftime("%Y-%m-%d %H:%M"),
        model=data.runs["model_name"].map(words),
    )
    files = data.source_files.assign(
        sealed=data.source_files["is_as_recorded"].map({True: "yes", False: "no"}),
        digest=data.source_files["sha256"].str[:16],
    )
    versions = json.loads(str(data.builds.loc[data.builds["is_current"], "library_versions"].iloc[0]))
    return {
        "builds": Table(
            "builds-table",
            "Builds this file descends from",
            (
                Column("build_id", "build"),
                Column("built", "built (UTC)"),
                Column("code_version", "code"),
                Column("seconds", "took", 0, symbol("seconds")),
                Column("current", ""),
            ),
            builds,
        ),
        "source_files": Table(
            "source-files-table",
            "Source files, and that no row was lost",
            (
                Column("file", "file"),
                Column("rows_in_file", "rows in file", 0),
                Column("rows_loaded", "loaded", 0),
                Column("rows_rejected", "rejected", 0),
                Column("sealed", "as recorded"),
                Column("digest", "SHA-256 begins"),
            ),
            files,
        ),
        "runs": Table(
            "runs-table",
            "Model runs",
            (
                Column("model_run_id", "run"),
                Column("role", "role"),
                Column("model", "model"),
                Column("trained", "trained (UTC)"),
                Column("seed", "seed"),
                Column("training_rows", "projects", 0),
                Column("code_version", "code"),
            ),
            runs,
        ),
        "versions": Table(
            "versions-table",
            "Library versions of the build",
            (Column("library", "library"), Column("version", "version")),
            pd.DataFrame(sorted(versions.items()), columns=["library", "version"]),
        ),
    }
