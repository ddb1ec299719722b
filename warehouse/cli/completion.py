"""What the shell may complete: names from the published file, and nothing where there is none."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import typer

from warehouse.errors import ReeError
from warehouse.paths import DEFAULT_OUTPUT

if TYPE_CHECKING:
    import duckdb

# A name with any other sign would have to be quoted, which the shells do not do for what they complete.
_PLAIN = re.compile(r"[\w .,/+-]+")


_Offer = TypeVar("_Offer")


def _read(context: typer.Context, read: Callable[[duckdb.DuckDBPyConnection], list[_Offer]]) -> list[_Offer]:
    """Return what ``read`` finds in the file named on the line; nothing where it cannot be read."""
    import duckdb

    from warehouse.file.query import connect

    path = Path(context.params.get("file") or DEFAULT_OUTPUT)
    try:
        with connect(path) as connection:
            return read(connection)
    except (duckdb.Error, OSError, ReeError):
        # A completion that fails must not write into the command line.
        return []


def complete_record(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Offer ids and names of projects and plants; a name may span several words.

    Returns:
        What to insert for the word under way, which goes on as the user began it, and what it is.
    """
    from warehouse.file.lookup import all_records

    begun = " ".join([*(context.params.get("record") or ()), ""]).lstrip()
    typed = (begun + incomplete).casefold()
    records = _read(context, all_records)
    ids = [(r.id, r.name) for r in records if not begun and r.id.startswith(typed)]
    names = [
        (incomplete + r.name[len(typed) :], r.id)
        for r in records
        if typed and r.name.casefold().startswith(typed) and _PLAIN.fullmatch(r.name)
    ]
    return ids + names


def complete_table(context: typer.Context, incomplete: str) -> list[str]:
    """Offer tables as ``schema.name``, found by either part."""
    from warehouse.file.describe import relation_names

    typed = incomplete.casefold()
    names = _read(context, relation_names)
    bare = [name.split(".")[1] for name in names]
    return [name for name in names if name.startswith(typed)] or [n for n in bare if n.startswith(typed)]
