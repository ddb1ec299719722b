"""The cell accounting as a page: what became of every published cell, column by column."""

from __future__ import annotations

from pathlib import Path

import duckdb

from warehouse.file.query import connect

_PREAMBLE = """# What became of every published cell

Printed by `ree accounting` from the published file; do not edit. One row per column of the two published
tables. *Printed* cells are not blank; each is either *carried* as printed or *changed* by at least one named
rule. *Unknown* cells are printed but say that the value is not known (a dash). *Filled* are blanks a reviewed
judgement filled. `quality.cell_changes` has every single change with its reason.
"""
_HEADER = (
    "| column | cells | printed | carried | changed | unknown | filled | rules |\n|---|"
    + "---:|" * 6
    + "---|\n"
)


def render_accounting(file: Path) -> str:
    """Return the page as Markdown.

    Raises:
        ReeError: If there is no published file.
    """
    with connect(file) as connection:
        sections = [_section(connection, table) for table in ("projects", "plants")]
        return _PREAMBLE + "".join(sections) + _rules(connection)


def _section(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    rows = connection.execute(
        """
        with rules as (
            select column_name, string_agg(rule || ' ' || cells, ', ' order by rule) as rules
            from (
                select column_name, rule, count(*) as cells from quality.cell_changes
                where table_name = $table group by column_name, rule
            )
            group by column_name
        )
        select column_name, cells, cells_published, cells_carried_as_printed, cells_changed, cells_unknown,
            blanks_filled, coalesce(rules, '')
        from quality.cell_accounting left join rules using (column_name)
        where table_name = $table order by column_name
        """,
        {"table": table},
    ).fetchall()
    lines = ["| " + " | ".join(str(value) for value in row) + " |" for row in rows]
    return f"\n## {table.capitalize()}\n\n{_HEADER}" + "\n".join(lines) + "\n"


def _rules(connection: duckdb.DuckDBPyConnection) -> str:
    rows = connection.execute(
        "select rule, count(*) from quality.cell_changes group by rule order by rule"
    ).fetchall()
    lines = [f"| {rule} | {cells} |" for rule, cells in rows]
    return "\n## Rules\n\n| rule | cells |\n|---|---:|\n" + "\n".join(lines) + "\n"
