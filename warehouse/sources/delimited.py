"""Delimited text, read strictly: damage is named, never repaired in silence.

The engine's own reader accepts much of what is checked here (a reordered header, surplus columns, an
unclosed quote, an empty file), so every file passes through this module before it is loaded.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

from warehouse.errors import ReeError
from warehouse.sources.contract import Dialect


@dataclass(frozen=True)
class Record:
    """One data row: the one-based physical line it starts on, and its cells verbatim."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class RejectedRow:
    """One row that could not be carried, kept with its text and the reason."""

    file: str
    line: int
    text: str
    reason: str


@dataclass
class DelimitedText:
    """A file's header, the rows that fit it, and those that do not."""

    header: tuple[str, ...]
    records: list[Record] = field(default_factory=list)
    rejected: list[RejectedRow] = field(default_factory=list)


def read_text(path: Path) -> str:
    """Return the UTF-8 text of ``path`` without a byte-order mark.

    Raises:
        ReeError: If the file is missing, empty, not UTF-8 or holds NUL characters.
    """
    if not path.is_file():
        raise ReeError("the file is missing", "put it there or correct the folder", file=path)
    data = path.read_bytes()
    if not data.strip():
        raise ReeError("the file is empty", "restore it from its publisher", file=path)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ReeError(
            f"byte {error.start} is not UTF-8", "save the file as UTF-8", file=path, row=line
        ) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise ReeError("there is a NUL character", "restore the file, it is damaged", file=path, row=line)
    return text


def read_delimited(path: Path, dialect: Dialect) -> DelimitedText:
    """Read ``path`` strictly.

    A row whose number of cells differs from the header's is rejected and kept aside; an unclosed quote,
    which would swallow every row after it, stops the reading.

    Raises:
        ReeError: If the file is missing, empty, wrongly encoded, has an unclosed or misplaced quote, or
            repeats a header.
    """
    text = read_text(path)
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=dialect.delimiter,
        quotechar=dialect.quote_char,
        strict=True,
    )
    rows: list[Record] = []
    start = 1
    try:
        for cells in reader:
            if cells:
                rows.append(Record(start, tuple(cells)))
            start = reader.line_num + 1
    except csv.Error as error:
        raise ReeError(
            f"the row that starts here is broken ({error})",
            "close or double the quotation mark in it",
            file=path,
            row=start,
        ) from error
    if not rows:
        raise ReeError("the file has no header", "restore it from its publisher", file=path)
    return _sort_out(path, dialect, rows)


def _sort_out(path: Path, dialect: Dialect, rows: list[Record]) -> DelimitedText:
    header = tuple(" ".join(cell.split()) for cell in rows[0].cells)
    repeated = {name for name in header if name and header.count(name) > 1}
    if repeated:
        raise ReeError(
            f"the header names {sorted(repeated)[0]!r} twice", "rename one", file=path, row=rows[0].line
        )
    result = DelimitedText(header)
    for record in rows[1:]:
        found, wanted = len(record.cells), len(header)
        if found == wanted:
            result.records.append(record)
            continue
        shown = dialect.delimiter.join(record.cells)
        result.rejected.append(
            RejectedRow(
                path.name,
                record.line,
                shown,
                f"the row has {found} cells where the header has {wanted}; "
                "quote the cell that holds a delimiter or a line end, or add what is missing",
            )
        )
    return result
