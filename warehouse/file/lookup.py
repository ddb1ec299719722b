"""Finding one project or plant of the published file by what a user calls it."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from warehouse.errors import ReeError
from warehouse.file.likeness import hints

_RECORDS = """
    select 'project' as kind, project_id, project_number, project_name from marts.dim_projects
    union all
    select 'plant', plant_id, plant_number, plant_name from marts.dim_plants
    order by kind desc, project_number
"""
_LISTED = 10


@dataclass(frozen=True)
class Record:
    """A project or plant: ``kind`` is ``project`` or ``plant``."""

    kind: str
    id: str
    number: int
    name: str


def all_records(connection: duckdb.DuckDBPyConnection) -> list[Record]:
    """Return every project, then every plant, each in the order of its number."""
    return [Record(*row) for row in connection.execute(_RECORDS).fetchall()]


def find_record(connection: duckdb.DuckDBPyConnection, asked: str) -> Record:
    """Find a record by id (``liu2023-p001``, or short ``p1``), project number, name or part of a name.

    A name that a project and a plant share means the project.

    Raises:
        ReeError: If nothing is called so, naming what comes near, or several are, naming them.
    """
    records = all_records(connection)
    text = " ".join(asked.split()).casefold()
    found = _by_id(records, text) or _by_name(records, text)
    if len(found) == 1:
        return found[0]
    if found:
        raise ReeError(
            f"{asked!r} may mean {len(found)} records: {_list(found[:_LISTED])}"
            + (" and more" if len(found) > _LISTED else ""),
            "name one of them by its id",
        )
    near = _near(records, text)
    raise ReeError(
        f"no project or plant is called {asked!r}" + (f"; near are {_list(near)}" if near else ""),
        'give an id, a number or a name as `ree query "from marts.dim_projects"` lists them',
    )


def _by_id(records: list[Record], text: str) -> list[Record]:
    if text.isdigit():
        return [r for r in records if r.kind == "project" and r.number == int(text)]
    short = {("p" if r.kind == "project" else "f") + str(r.number): r for r in records}
    return [r for r in records if r.id.casefold() == text] or ([short[text]] if text in short else [])


def _by_name(records: list[Record], text: str) -> list[Record]:
    if not text:
        return []
    exact = [r for r in records if r.name.casefold() == text]
    projects = [r for r in exact if r.kind == "project"]
    return projects or exact or [r for r in records if text in r.name.casefold()]


def _near(records: list[Record], text: str) -> list[Record]:
    by_id = {record.id: record for record in records}
    return [by_id[record_id] for record_id in hints(text, by_id, lambda record_id: by_id[record_id].name)]


def _list(records: list[Record]) -> str:
    return ", ".join(f"{record.name} ({record.id})" for record in records)
