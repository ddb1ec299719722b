"""The BI guide with the cookbook's answers, from the published file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from warehouse.errors import ReeError
from warehouse.file.catalogue import Table, read_tables, storage_version
from warehouse.file.query import Answer, ask, connect, records
from warehouse.pages.templates import templates
from warehouse.paths import PROJECT_ROOT

DOCS = PROJECT_ROOT / "docs"
TEMPLATES = DOCS / "templates"
COOKBOOK = DOCS / "cookbook"
SUPERSET = PROJECT_ROOT / "dashboards" / "superset"

PLANTS = "select count(*) as plants from marts.dim_plants"

WITHOUT_PLANTS = """
    select distinct mines.country_name
    from marts.dim_projects as projects
    inner join marts.dim_locations as mines on projects.location_id = mines.location_id
    where projects.stage = 'production' and mines.country_name not in (
        select places.country_name from marts.dim_plants as plants
        inner join marts.dim_locations as places on plants.location_id = places.location_id
        where places.country_name is not null
    )
    order by mines.country_name
"""


def render_guide(published: Path) -> str:
    """Return the guide as Markdown.

    Raises:
        ReeError: If the published file is not there or a query of the cookbook fails.
    """
    environment = templates(TEMPLATES)
    with connect(published) as connection:
        marts = read_tables(connection, ["marts"])
        return environment.get_template("bi.md.j2").render(
            tables=[
                {"table_name": table.name, "grain": _first_sentence(table.description)} for table in marts
            ],
            joins=_joins(marts),
            storage_version=storage_version(connection),
            counts=records(connection, PLANTS)[0],
            missing=[row["country_name"] for row in records(connection, WITHOUT_PLANTS)],
            superset=_pins(SUPERSET / "requirements.lock"),
            bundle={
                kind: len(list(SUPERSET.glob(f"bundle/{kind}/**/*.yaml"))) for kind in ("charts", "datasets")
            },
            recipe=lambda name, rows: _recipe(published, name, rows),
        )


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
    """The cookbook: SQL by name, as it is in the files."""
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


def _first_sentence(comment: str) -> str:
    return comment.split(". ")[0].rstrip(".") + "."


def _pins(lock: Path) -> dict[str, str]:
    """Versions of a lock file by package, in lower case."""
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ;]+)", lock.read_text(encoding="utf-8"), flags=re.MULTILINE))
