"""The text of a sites file as rows of named cells: which delimiter, which header, which line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ml import OXIDES
from warehouse.errors import ReeError
from warehouse.file.likeness import hints, plain
from warehouse.predict.faults import Faults
from warehouse.sources.delimited import read_text

REQUIRED = ("site", "deposit_type")
AMOUNTS = ("grade_treo_wt_pct", "resource_treo_t")
COLUMNS = (*REQUIRED, "company", "location", "minerals", *AMOUNTS, *OXIDES)

_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)
_ELEMENT_OF = {re.sub(r"\d.*", "", oxide).removesuffix("O"): oxide for oxide in OXIDES}
_BY_ELEMENT = re.compile(rf"({'|'.join(_ELEMENT_OF)})(?![a-z])", re.ASCII)


@dataclass(frozen=True)
class Line:
    """One site: the one-based physical line its row ends on, and its cells by column, blanks stripped."""

    number: int
    cells: Mapping[str, str]


@dataclass
class SiteTable:
    """The rows of a sites file; ``decimal_comma`` where semicolons or tabs divide cells."""

    path: Path
    lines: list[Line] = field(default_factory=list)
    decimal_comma: bool = False
    ignored: list[str] = field(default_factory=list)


def read_table(path: Path, mapped: Mapping[str, str], faults: Faults) -> SiteTable:
    """Read the rows of a sites file; those that do not fit the header are faults.

    Args:
        path: UTF-8 text with a header; commas, semicolons, tabs or bars between cells.
        mapped: Header by column, for headers that are named otherwise; with any, others are left aside.
        faults: Takes what is wrong with single rows.

    Raises:
        ReeError: If the text or its header cannot be read at all.
    """
    text = read_text(path)
    start = 0
    if marked := _SEPARATOR_LINE.match(text):
        text, start = text[marked.end() :], 1
    delimiter = marked[1] if marked else _delimiter(text, mapped)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    table = SiteTable(path, decimal_comma=delimiter in ";\t")
    try:
        header = next(rows, [])
        columns = _columns(path, header, mapped, table, start + 1)
        for cells in rows:
            number = rows.line_num + start
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                faults.add(
                    f"{len(cells)} cells are under {len(header)} column names",
                    f"quote cells that hold a {_DELIMITERS.get(delimiter, delimiter)}",
                    row=number,
                )
                continue
            named = zip(columns, map(str.strip, cells), strict=True)
            table.lines.append(Line(number, {column: cell for column, cell in named if column}))
    except csv.Error as error:
        raise ReeError(
            f"the line is not CSV ({error})", "correct its quotes", file=path, row=rows.line_num + start
        ) from error
    return table


def _delimiter(text: str, mapped: Mapping[str, str]) -> str:
    """Return the delimiter under which most of the required columns are headers; the comma by default."""
    first = text.lstrip("\r\n").splitlines()[0]
    wanted = {plain(mapped.get(name, name)) for name in REQUIRED}

    def found(delimiter: str) -> int:
        return len(wanted & {plain(cell.strip().strip('"')) for cell in first.split(delimiter)})

    return max(_DELIMITERS, key=found)


def _columns(
    path: Path, header: list[str], mapped: Mapping[str, str], table: SiteTable, line: int
) -> list[str | None]:
    """Return the column of each header cell, None for those left aside."""
    names = [cell.strip() for cell in header]
    by_header = {plain(name): column for column, name in mapped.items()}
    for wanted, name in mapped.items():
        if plain(name) not in map(plain, names):
            raise ReeError(
                f"there is no header {name!r} for the column {wanted}", "correct --map", file=path, row=line
            )
    known = {plain(column): column for column in COLUMNS if column not in mapped}
    columns: list[str | None] = [by_header.get(plain(name)) or known.get(plain(name)) for name in names]
    for name in REQUIRED:
        if name not in columns:
            raise _missing(path, name, names, line)
    for place, column in enumerate(columns):
        if column is None and not mapped:
            raise _unknown(path, names[place], line)
        if column is not None and columns.count(column) > 1:
            raise ReeError("the column is duplicated", "leave one", file=path, row=line, column=names[place])
    table.ignored.extend(name for name, column in zip(names, columns, strict=True) if column is None)
    return columns


def _missing(path: Path, name: str, names: list[str], line: int) -> ReeError:
    near = hints(name, [other for other in names if other])
    like = f", or say which header it is: --map {name}={near[0]!r}" if near else ""
    return ReeError(f"the column {name} is missing", f"add it to the header{like}", file=path, row=line)


def _unknown(path: Path, name: str, line: int) -> ReeError:
    """Name the oxide of a header that names an element, else columns spelled alike."""
    element = _BY_ELEMENT.match(name)
    if element and plain(name) not in map(plain, OXIDES):
        oxide = _ELEMENT_OF[element[1]]
        remedy = f"give {oxide}, in per cent of TREO, or leave it out"
    else:
        near = ", ".join(hints(name, COLUMNS))
        remedy = f"rename it{f' (near: {near})' if near else ''} or leave it out"
    return ReeError("the column is not one that predictions use", remedy, file=path, row=line, column=name)


def read_mapping(texts: list[str]) -> dict[str, str]:
    """Read ``column=header`` texts.

    Raises:
        ReeError: If one is not of that form, or names a column that predictions do not use, or one again.
    """
    mapped: dict[str, str] = {}
    for text in texts:
        column, _, header = text.partition("=")
        if column not in COLUMNS or not header:
            raise ReeError(
                f"--map {text!r} does not name a column and its header", f"name one of {', '.join(COLUMNS)}"
            )
        if column in mapped:
            raise ReeError(f"--map names {column} again", "leave one")
        mapped[column] = header
    return mapped
