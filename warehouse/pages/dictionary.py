"""The data dictionary as a page: every table and column of the published file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.file.catalogue import Column, Table, read_relations, read_tables, row_count
from warehouse.file.query import connect
from warehouse.pages.templates import templates
from warehouse.paths import PROJECT_ROOT

TEMPLATES = PROJECT_ROOT / "docs" / "templates"
SHOWN_SCHEMAS = ("marts", "quality", "meta")
LISTED_SCHEMAS = ("raw", "staging", "intermediate", "ml", "scenario")

GROWING_TABLES = frozenset(
    {
        "marts.fct_model_metrics",
        "meta.builds",
        "meta.build_inputs",
        "meta.build_steps",
        "quality.check_results",
    }
)
"""Tables whose row counts tell of the build or the code, not of the sources."""


@dataclass(frozen=True)
class _Schema:
    name: str
    tables: list[Table]


def render_dictionary(file: Path) -> str:
    """Return the page as Markdown; it says nothing that varies between builds of the same sources.

    Raises:
        ReeError: If there is no published file.
    """
    environment = templates(TEMPLATES)
    environment.filters |= {"cell": _cell, "first_sentence": _first_sentence}
    with connect(file) as connection:
        shown = [_Schema(name, read_tables(connection, [name])) for name in SHOWN_SCHEMAS]
        listed = {
            name: [(r.name, r.description) for r in read_relations(connection, [name])]
            for name in LISTED_SCHEMAS
        }
        rows = {
            table.full_name: _steady_row_count(connection, table)
            for schema in shown
            for table in schema.tables
        }
    return environment.get_template("data-dictionary.md.j2").render(
        shown=shown, listed=listed, rows=rows, reference=_reference
    )


def _steady_row_count(connection: duckdb.DuckDBPyConnection, table: Table) -> int | None:
    """Return the number of rows; none of a table that grows with every run or build."""
    if table.full_name in GROWING_TABLES or "model_run_id" in table.primary_key:
        return None
    return row_count(connection, table)


def _reference(table: Table, column: Column) -> str:
    return ", ".join(
        f"[{key.table}](#{key.table})" for key in table.foreign_keys if column.name in key.columns
    )


def _cell(text: str) -> str:
    """Write a text so that neither a table nor a page takes its signs for markup."""
    for sign, written in {"|": r"\|", "<": "&lt;", "*": r"\*"}.items():
        text = text.replace(sign, written)
    return text


def _first_sentence(text: str) -> str:
    return text.split(". ")[0].rstrip(".") + "." if text else ""
