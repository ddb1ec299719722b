"""Reading a demand: what is asked for, of which oxides or elements, in which year."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from warehouse.errors import ReeError
from warehouse.file.likeness import hints
from warehouse.scenario.faults import raise_any
from warehouse.sources.delimited import read_text

REQUIRED = ("item", "year", "demand_t")
OPTIONAL = ("basis", "scenario", "evidence", "note")
OXIDE, ELEMENT = "oxide", "element"

_GROUPS = ("magnet", "ndpr", "hree", "lree", "critical")
_EVERYTHING = "treo"
_LAST_YEAR = 2200
_MOST_T = 1e9
_MISTAKES = 50
"""How many faults are named at most."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Row:
    """One line of a demand.

    Attributes:
        item: Name of an oxide or element, or of a group of oxides, as the warehouse writes it.
        year: Calendar year.
        demand_t: Tonnes, of oxide or element as ``basis`` says.
        basis: ``oxide`` or ``element``.
        line: Line of the file.
        scenario: Name of the scenario the line is of; empty where the file has one alone.
    """

    item: str
    year: int
    demand_t: float
    basis: str
    line: int
    scenario: str = ""


@dataclass(frozen=True)
class Demand:
    """What is asked for in each year.

    Attributes:
        items: Names, I of them.
        bases: ``oxide`` or ``element``, by item.
        weights: Shape (I, oxides): tonnes that count for the item in one tonne of each oxide.
        years: Shape (Y,): calendar years, without a gap.
        tonnes: Shape (I, Y): tonnes asked for; 0 where nothing is.
        is_asked: Shape (I, Y): whether something is asked for.
        is_stated: Shape (I, Y): whether the file says so, not a line between two of its years.
    """

    items: tuple[str, ...]
    bases: tuple[str, ...]
    weights: Floats
    years: npt.NDArray[np.int64]
    tonnes: Floats
    is_asked: npt.NDArray[np.bool_]
    is_stated: npt.NDArray[np.bool_]


def read_demand(path: Path, oxides: pd.DataFrame, base_year: int, scenario: str | None = None) -> list[Row]:
    """Read a demand strictly; every fault is named, not the first alone.

    Args:
        path: CSV, UTF-8 with a header.
        oxides: ``marts.dim_oxides``.
        base_year: Last year of which mine production is printed: demand is asked for later ones.
        scenario: Which scenario to take of a file that holds several.

    Raises:
        ReeError: If the file cannot be read, or one line cannot be used.
        GateFailedError: If several lines cannot, one sentence each.
    """
    faults: list[ReeError] = []
    rows: list[Row] = []
    for line, cells in _lines(path, faults):
        try:
            rows.append(_row(path, line, cells, oxides, base_year))
        except ReeError as fault:
            faults.append(fault)
    if not faults and not rows:
        faults.append(ReeError("there is no demand below the header", "add a line per item and year", path))
    rows = _of_scenario(path, rows, scenario, faults)
    faults += _overlaps(path, rows, oxides)
    raise_any(sorted(faults, key=lambda fault: fault.row or 0)[:_MISTAKES], "demand")
    return rows


def demand_of(rows: Iterable[Row], oxides: pd.DataFrame, base_year: int, *, interpolate: bool) -> Demand:
    """Lay rows out over the years from the one after ``base_year`` to the last that is asked for.

    Args:
        rows: At least one; no oxide is asked for by two items in a year.
        oxides: ``marts.dim_oxides``.
        base_year: Last year of which mine production is printed.
        interpolate: Whether the years between two stated ones are filled along a straight line.
    """
    by_item: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_item[row.item].append(row)
    years = np.arange(base_year + 1, max(row.year for item in by_item.values() for row in item) + 1)
    shape = (len(by_item), len(years))
    tonnes, asked, stated = np.zeros(shape), np.zeros(shape, bool), np.zeros(shape, bool)
    for place, item in enumerate(by_item.values()):
        points = sorted((row.year, row.demand_t) for row in item)
        known = [year for year, _ in points]
        stated[place] = np.isin(years, known)
        asked[place] = (years >= known[0]) & (years <= known[-1]) if interpolate else stated[place]
        line = np.interp(years, known, [amount for _, amount in points])
        tonnes[place] = np.where(asked[place], line, 0.0)
    bases = tuple(item[0].basis for item in by_item.values())
    weights = np.array(
        [_weights(name, basis, oxides) for name, basis in zip(by_item, bases, strict=True)], dtype=float
    )
    return Demand(tuple(by_item), bases, weights, years, tonnes, asked, stated)


def _lines(path: Path, faults: list[ReeError]) -> list[tuple[int, dict[str, str]]]:
    # Not splitlines: it also splits at characters that a cell may hold.
    reader = csv.reader(io.StringIO(read_text(path), newline=""), strict=True)
    try:
        header = [cell.strip() for cell in next(reader)]
        _check_header(path, header)
        found = []
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                problem = f"{len(cells)} cells are under {len(header)} column names"
                faults.append(ReeError(problem, "quote cells that hold commas", path, reader.line_num))
                continue
            found.append((reader.line_num, dict(zip(header, map(str.strip, cells), strict=True))))
        return found
    except csv.Error as error:
        raise ReeError(
            f"the line is not CSV ({error})", "correct its quotes", path, reader.line_num
        ) from error


def _check_header(path: Path, header: list[str]) -> None:
    faults = [
        ReeError(f"the column {name} is missing", "add it to the header", path, 1)
        for name in REQUIRED
        if name not in header
    ]
    for name in dict.fromkeys(header):
        if name not in REQUIRED + OPTIONAL:
            near = hints(name, REQUIRED + OPTIONAL)
            remedy = f"rename it (near: {', '.join(near)}) or leave it out" if near else "leave it out"
            faults.append(ReeError("the column is not one of a demand", remedy, path, 1, name))
        elif header.count(name) > 1:
            faults.append(ReeError("the column is duplicated", "leave one", path, 1, name))
    raise_any(faults, "demand")


def _row(path: Path, line: int, cells: dict[str, str], oxides: pd.DataFrame, base_year: int) -> Row:
    def failure(problem: str, remedy: str, column: str) -> ReeError:
        return ReeError(problem, remedy, path, line, column)

    for column in REQUIRED:
        if not cells[column]:
            raise failure("the cell is blank", "fill it in", column)
    item, usual_basis = _item(cells["item"], oxides)
    if item is None:
        near = hints(cells["item"], _names(oxides))
        listed = f"near: {', '.join(near)}" if near else f"an oxide, an element, or {', '.join(_GROUPS)}"
        raise failure(f"{cells['item']!r} is not known", f"use a known one ({listed})", "item")
    if not (cells["year"].isascii() and cells["year"].isdigit()):
        raise failure(f"{cells['year']!r} is not a year", "write it with four digits", "year")
    year = int(cells["year"])
    if not base_year < year <= _LAST_YEAR:
        raise failure(
            f"{year} is not after {base_year}, the last year of which mine production is printed"
            if year <= base_year
            else f"{year} is too far off",
            f"ask for a year from {base_year + 1} to {_LAST_YEAR}",
            "year",
        )
    try:
        amount = float(cells["demand_t"].replace("_", "x"))
    except ValueError:
        raise failure(
            f"{cells['demand_t']!r} is not a number", "write tonnes with a decimal point", "demand_t"
        ) from None
    if not 0 <= amount <= _MOST_T:
        raise failure(f"{amount:g} is not from 0 to {_MOST_T:g}", "give tonnes", "demand_t")
    basis = cells.get("basis", "").lower() or usual_basis
    if basis not in (OXIDE, ELEMENT):
        raise failure(f"{basis!r} is not a basis", "write oxide or element, or leave it blank", "basis")
    return Row(item, year, amount, basis, line, cells.get("scenario", ""))


def _of_scenario(path: Path, rows: list[Row], wanted: str | None, faults: list[ReeError]) -> list[Row]:
    names = list(dict.fromkeys(row.scenario for row in rows))
    if wanted is None and len(names) < 2:
        return rows
    if wanted not in names:
        listed = ", ".join(name or "(no name)" for name in names)
        problem = (
            f"the file holds {len(names)} scenarios ({listed})"
            if wanted is None
            else f"the file has no scenario {wanted!r} ({listed})"
        )
        faults.append(ReeError(problem, "choose one with --scenario", path))
        return rows
    return [row for row in rows if row.scenario == wanted]


def _overlaps(path: Path, rows: list[Row], oxides: pd.DataFrame) -> list[ReeError]:
    """Find oxides that two lines ask for in one year, which would be counted twice."""
    faults: list[ReeError] = []
    bases: dict[str, Row] = {}
    seen: dict[tuple[str, int, str], Row] = {}
    for row in rows:
        first = bases.setdefault(row.item, row)
        if first.basis != row.basis:
            problem = f"{row.item} is in tonnes of {row.basis} here and of {first.basis} in line {first.line}"
            faults.append(ReeError(problem, "give one basis for an item", path, row.line, "basis"))
            continue
        weights = _weights(row.item, row.basis, oxides)
        for oxide in oxides["oxide"][weights > 0]:
            other = seen.setdefault((row.scenario, row.year, oxide), row)
            if other is not row:
                problem = f"{oxide} in {row.year} is asked for here and in line {other.line} ({other.item})"
                remedy = "leave one, or give the group without it" if other.item != row.item else "leave one"
                faults.append(ReeError(problem, remedy, path, row.line, "item"))
                break
    return faults + _crossings(path, rows, oxides)


def _crossings(path: Path, rows: list[Row], oxides: pd.DataFrame) -> list[ReeError]:
    """Find two items of one oxide whose years cross: between stated years they would count it twice."""
    spans: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        spans[row.item].append(row)
    faults = []
    found = list(spans.items())
    for place, (name, mine) in enumerate(found):
        for other, theirs in found[:place]:
            shared = (_weights(name, OXIDE, oxides) > 0) & (_weights(other, OXIDE, oxides) > 0)
            years = [(min(r.year for r in part), max(r.year for r in part)) for part in (mine, theirs)]
            same_year = {r.year for r in mine} & {r.year for r in theirs}
            crosses = years[0][0] <= years[1][1] and years[1][0] <= years[0][1]
            if shared.any() and crosses and not same_year and mine[0].scenario == theirs[0].scenario:
                problem = f"{name} and {other} hold the same oxides and their years cross"
                faults.append(ReeError(problem, "leave one of the two items", path, mine[0].line, "item"))
    return faults


def _item(text: str, oxides: pd.DataFrame) -> tuple[str | None, str]:
    """Return the warehouse's name of an item and the basis it is usually in."""
    folded = "".join(text.casefold().split())
    for name in oxides["oxide"]:
        if folded == name.casefold():
            return name, OXIDE
    for name, full in zip(oxides["element"], oxides["element_name"], strict=True):
        if folded in (name.casefold(), full.casefold()):
            return name, ELEMENT
    return (folded, OXIDE) if folded in (*_GROUPS, _EVERYTHING) else (None, OXIDE)


def _names(oxides: pd.DataFrame) -> list[str]:
    # A symbol of one or two letters is like half of all words.
    return [*oxides["oxide"], *oxides["element_name"], *_GROUPS, _EVERYTHING]


def _weights(item: str, basis: str, oxides: pd.DataFrame) -> Floats:
    """Tonnes that count for the item in a tonne of each oxide; shape (oxides,)."""
    if item == _EVERYTHING:
        is_in = np.ones(len(oxides), bool)
    elif item in _GROUPS:
        is_in = oxides[f"is_{item}"].to_numpy(bool)
    else:
        is_in = ((oxides["oxide"] == item) | (oxides["element"] == item)).to_numpy(bool)
    factors = oxides["oxide_to_element_factor"].to_numpy(float)
    return np.where(is_in, 1 / factors if basis == ELEMENT else 1.0, 0.0)
