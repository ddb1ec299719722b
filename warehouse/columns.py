"""What each column means and what its numbers are measured in.

Both are written once, as a docs block of ``dbt_project/docs/columns``, and reach the published file as the
comment of every column of that name. The comment ends in the unit: ``Unit: t TREO.`` or, with the reason,
``No unit: calendar year.``
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from warehouse.errors import ReeError
from warehouse.paths import DBT_PROJECT_DIR, display

BLOCKS = DBT_PROJECT_DIR / "docs" / "columns"
SENSE = "__"
"""The text in a block's name between a column's name and which of its several meanings it is."""

_BLOCK = re.compile(r"{% docs (\w+) %}\n(.*?)\n{% enddocs %}", re.DOTALL)
_UNIT = re.compile(r"\bUnit: ([^.]+)\.")
_NO_UNIT = re.compile(r"\bNo unit: [^.]+\.")

_PINT = {
    "%": "percent",
    "count": "count",
    "deg": "degree",
    "g/g": "g/g",
    "kg": "kg",
    "km": "km",
    "ppm": "ppm",
    "ratio": "dimensionless",
    "s": "s",
    # Pint knows no currency until one is defined.
    "US$": "USD",
    "US$ per kg": "USD/kg",
    "US$ per t": "USD/t",
    "t": "t",
    "t per year": "t/year",
    "wt-%": "percent",
}


@dataclass(frozen=True)
class Unit:
    """What a number is measured in.

    Attributes:
        unit: The unit as Pint reads it; none for a unit that only a source uses.
        symbol: The unit as people read it, with what it counts: ``% of TREO``.
    """

    unit: str | None
    symbol: str


@cache
def read_meanings(folder: Path = BLOCKS) -> Mapping[str, str]:
    """Return the text of every block by its name: that of a column, or of one of its several meanings.

    Raises:
        ReeError: If two blocks have one name.
    """
    meanings: dict[str, str] = {}
    for file in sorted(folder.glob("*.md")):
        for name, text in _BLOCK.findall(file.read_text(encoding="utf-8")):
            if name in meanings:
                raise ReeError(f"the column {name!r} is described twice", "delete one", file=display(file))
            meanings[name] = text
    return meanings


def meaning(column: str, sense: str | None = None) -> str:
    """Return what a column means, its unit included.

    Args:
        column: Name of the column.
        sense: Which of its several meanings, where ``homonyms.md`` lists the name.

    Raises:
        ReeError: If no block says it.
    """
    name = column if sense is None else column + SENSE + sense
    try:
        return read_meanings()[name]
    except KeyError:
        raise ReeError(
            f"nothing says what the column {name!r} means",
            "add a docs block of that name",
            file=display(BLOCKS),
        ) from None


def unit_stated(description: str) -> Unit | None:
    """Return the unit that a description names, if it names one."""
    found = _UNIT.search(description)
    if found is None:
        return None
    symbol = found.group(1)
    # The longest known unit at the beginning: what follows it says of what.
    known = [unit for unit in _PINT if symbol == unit or symbol.startswith(unit + " ")]
    return Unit(_PINT[max(known, key=len)] if known else None, symbol)


def says_unit(description: str) -> bool:
    """Whether a description names the unit, or says why there is none."""
    return bool(_UNIT.search(description) or _NO_UNIT.search(description))


def unit_by_name(column: str) -> Unit | None:
    """Return the unit of every column of a name; none for a name with several meanings or without a unit."""
    return unit_stated(read_meanings().get(column, ""))


def symbol(column: str) -> str:
    """Return the unit of every column of a name as people read it, for a heading or an axis.

    Raises:
        ReeError: If nothing describes the column.
        ValueError: If it has no unit.
    """
    unit = unit_stated(meaning(column))
    if unit is None:
        raise ValueError(f"{column} has no unit")
    return unit.symbol


def without_unit(description: str) -> str:
    """Return a description without the sentence that names the unit."""
    return " ".join(_UNIT.sub("", description).split())
