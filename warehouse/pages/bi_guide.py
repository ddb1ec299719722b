"""The BI guide with the cookbook's answers, from the published file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb

from warehouse.errors import ReeError
from warehouse.file.catalogue import Table, read_tables, storage_version
from warehouse.file.query import Answer, ask, connect
from warehouse.pages.templates import templates
from warehouse.paths import DEFAULT_OUTPUT, PROJECT_ROOT
from warehouse.writing import write_text

DOCS = PROJECT_ROOT / "docs"
TEMPLATES = DOCS / "templates"
COOKBOOK = DOCS / "cookbook"
SUPERSET = PROJECT_ROOT / "dashboards" / "superset"

COUNTS = """
    select
        count(*) as plants,
        count(*) filter (where locations.country_iso3 = 'CHN') as plants_in_china
    from marts.dim_plants as plants
    left join marts.dim_locations as locations on plants.location_id = locations.location_id
"""


def write(published: Path = DEFAULT_OUTPUT, docs: Path = DOCS) -> Path:
    """Write ``bi.md`` into a folder in one step, and return its path.

    Raises:
        ReeError: If the published file is not there or a query of the cookbook fails.
    """
    environment = templates(TEMPLATES)
    with connect(published) as connection:
        marts = read_tables(connection, ["marts"])
        text = environment.get_template("bi.md.j2").render(
            tables=[
                {"table_name": table.name, "grain": _first_sentence(table.description)} for table in marts
            ],
            joins=_joins(marts),
            storage_version=storage_version(connection),
            counts=_rows(connection, COUNTS)[0],
            superset=_pins(SUPERSET / "requirements.lock"),
            bundle={
                kind: len(list(SUPERSET.glob(f"bundle/{kind}/**/*.yaml"))) for kind in ("charts", "datasets")
            },
            recipe=lambda name, rows: _recipe(published, name, rows),
        )
    docs.mkdir(parents=True, exist_ok=True)
    guide = docs / "bi.md"
    write_text(guide, text)
    return guide


def _joins(marts: list[Table]) -> list[dict[str, str]]:
    """The declared references between marts, by the table referred to."""
    joins = [
        {
            "table_name": table.name,
            "column_name": key.columns[0],
            "referenced_table": key.table,
            "referenced_column": key.referenced[0],
        }
        for table in marts
        for key in table.foreign_keys
    ]
    return sorted(joins, key=lambda join: (join["referenced_table"], join["table_name"], join["column_name"]))


def recipes(cookbook: Path = COOKBOOK) -> dict[str, str]:
    """The cookbook: SQL by name, as it stands in the files."""
    return {file.stem: file.read_text(encoding="utf-8") for file in sorted(cookbook.glob("*.sql"))}


def _recipe(published: Path, name: str, rows: int) -> str:
    """One recipe as Markdown: the query, its first rows, and how many there are."""
    sql = recipes()[name]
    try:
        answer = ask(published, sql)
    except ReeError as error:
        raise ReeError(error.problem, "correct the recipe", file=COOKBOOK / f"{name}.sql") from error
    shown = Answer(answer.names, answer.rows[:rows])
    total = len(answer.rows)
    told = f"All {total} rows." if total <= rows else f"The first {rows} of {total} rows."
    return f"```sql\n{sql}```\n\n{told}\n\n{markdown_table(shown)}"


def markdown_table(answer: Answer) -> str:
    """An answer as a Markdown table; nulls are blank, numbers rounded for reading."""
    numeric = [
        any(isinstance(row[i], (int, float)) and not isinstance(row[i], bool) for row in answer.rows)
        for i in range(len(answer.names))
    ]
    lines = [answer.names, ["---:" if right else "---" for right in numeric]]
    lines += [
        [_cell(name, value) for name, value in zip(answer.names, row, strict=True)] for row in answer.rows
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        # Amounts in tonnes are read as wholes, shares of one and indices by their third decimal.
        digits = 0 if name.endswith(("_t", "_per_year")) else 1 if name.endswith("_pct") else 3
        return f"{value:,.{digits}f}"
    return " ".join(str(value).split()).replace("|", "\\|")


def _rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    cursor = connection.execute(sql)
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _first_sentence(comment: str) -> str:
    return comment.split(". ")[0].rstrip(".") + "."


def _pins(lock: Path) -> dict[str, str]:
    """Versions of a lock file by package, in lower case."""
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ;]+)", lock.read_text(encoding="utf-8"), flags=re.MULTILINE))
