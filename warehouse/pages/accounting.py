"""The cell accounting as a page: what became of every cell of the source tables, column by column."""

from __future__ import annotations

from pathlib import Path

import duckdb

from warehouse.file.query import connect

_PREAMBLE = """# What became of every cell

Printed by `ree accounting` from the published file; do not edit. One row per column of the tables the
account follows. Each cell is read once from the source and once from the mart it feeds, and the two are
compared. *Cells* are the rows of the file, counted by a second reader; *rejected rows* did not fit the
table. *Printed* cells are not blank; each is *carried* as printed, *changed* by named rules, *rejected*
with a rule that says why, or *lost*. *Unknown* cells are printed but say that the value is not known (a
dash). *Filled* are blanks that a reviewed judgement filled. `quality.cell_fates` has every cell with what
its mart holds, `quality.cell_changes` every change with its reason, and
`dbt_project/seeds/cell_destinations.csv` says where each column goes.
"""
_COUNTS = {
    "cells": "cells",
    "cells_in_rejected_rows": "rejected rows",
    "cells_published": "printed",
    "cells_carried_as_printed": "carried",
    "cells_changed": "changed",
    "cells_rejected": "rejected",
    "cells_lost": "lost",
    "cells_unknown": "unknown",
    "blanks_filled": "filled",
}


def render_accounting(file: Path) -> str:
    """Return the page as Markdown.

    Raises:
        ReeError: If there is no published file.
    """
    with connect(file) as connection:
        tables = connection.execute(
            "select distinct source, table_name from quality.cell_accounting order by source, table_name desc"
        ).fetchall()
        sections = [_section(connection, source, table) for source, table in tables]
        return _PREAMBLE + "".join(sections) + _rules(connection) + _left_out(connection)


def _section(connection: duckdb.DuckDBPyConnection, source: str, table: str) -> str:
    rows = connection.execute(
        f"""
        with rules as (
            select column_name, string_agg(rule || ' ' || cells, ', ' order by rule) as rules
            from (
                select column_name, rule, count(*) as cells from quality.cell_changes
                where source = $source and table_name = $table group by column_name, rule
            )
            group by column_name
        )
        select column_name, {", ".join(_COUNTS)}, coalesce(rules, '')
        from quality.cell_accounting left join rules using (column_name)
        where source = $source and table_name = $table order by column_name
        """,
        {"source": source, "table": table},
    ).fetchall()
    return f"\n## {source}: {table}\n\n" + _table(["column", *_COUNTS.values(), "rules"], rows, len(_COUNTS))


def _rules(connection: duckdb.DuckDBPyConnection) -> str:
    rows = connection.execute(
        "select rule, count(*) from quality.cell_changes group by rule order by rule"
    ).fetchall()
    return "\n## Rules\n\n" + _table(["rule", "cells"], rows, 1)


def _left_out(connection: duckdb.DuckDBPyConnection) -> str:
    rows = connection.execute(
        "select source || ': ' || table_name, note from staging.cell_destinations "
        "where comparison = 'none' order by all"
    ).fetchall()
    return "\n## Tables the account leaves out\n\n" + _table(["table", "why"], rows, 0)


def _table(header: list[str], rows: list[tuple[object, ...]], numbers: int) -> str:
    """Return a Markdown table whose columns after the first are numbers, so many of them."""
    words = len(header) - 1 - numbers
    lines = [header, ["---", *["---:"] * numbers, *["---"] * words]]
    lines += [[str(value) for value in row] for row in rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)
