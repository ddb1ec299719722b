"""Pages of the repository that repeat what the published file says: written from it, or compared with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import duckdb

from warehouse.errors import ReeError
from warehouse.file.query import ask, connect
from warehouse.pages.accounting import render_accounting
from warehouse.pages.bi_guide import render_guide
from warehouse.pages.dictionary import render_dictionary
from warehouse.pages.model_card import render_card
from warehouse.pages.model_figures import card_figures, study_figures
from warehouse.pages.model_studies import has_studies, render_studies
from warehouse.paths import PROJECT_ROOT
from warehouse.writing import make_folder, write_text

_TRANSCRIPT = re.compile(r'^(\$ \.venv/bin/ree query "(.*?)"\n)(.*?)(?=^```)', re.MULTILINE | re.DOTALL)
_NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_FIRST_SECTION = "\n## "
"""Above it a page says which run or version it was written from; the sections hold the figures."""

Figures = Callable[[duckdb.DuckDBPyConnection], dict[str, str]]
Tabulate = Callable[[list[str], list[tuple[Any, ...]]], str]
"""Prints an answer as `ree query` does, from its names and rows."""


@dataclass(frozen=True)
class Page:
    """A page of the repository.

    Attributes:
        path: Where it is, below the root of the repository.
        render: Writes it from a published file; of a page written by hand, its printed answers alone.
        figures: Draws the figures it shows, SVG text by name.
        needs_studies: Whether it can be written only from a file that holds studies.
    """

    path: str
    render: Callable[[Path], str]
    figures: Figures | None = None
    needs_studies: bool = False


@dataclass(frozen=True)
class Written:
    """What became of the pages.

    Attributes:
        paths: Files that were written, or compared.
        notes: One sentence per page that was left alone.
        differences: One sentence per file that differs; none unless compared.
    """

    paths: list[Path]
    notes: list[str]
    differences: list[str]


def pages(tabulate: Tabulate) -> dict[str, Page]:
    """List the pages by path."""
    listed = [
        Page("docs/model-card.md", _from_connection(render_card), card_figures),
        Page("docs/model-studies.md", _from_connection(render_studies), study_figures, needs_studies=True),
        Page("docs/bi.md", render_guide),
        Page("docs/data-dictionary.md", render_dictionary),
        Page("docs/accounting.md", render_accounting),
        _by_hand("README.md", tabulate),
        _by_hand("docs/mineralogy.md", tabulate),
    ]
    return {page.path: page for page in listed}


def write_pages(
    file: Path,
    tabulate: Tabulate,
    names: list[str] | None = None,
    *,
    check: bool = False,
    root: Path = PROJECT_ROOT,
) -> Written:
    """Write the pages from a published file, or compare them with it.

    Args:
        file: The published file.
        tabulate: How answers to queries are printed.
        names: Paths of the pages; None for all.
        check: Change nothing, and say which pages differ from what the file gives.
        root: Folder the pages are below.

    Raises:
        ReeError: If there is no published file or no such page.
    """
    known = pages(tabulate)
    for name in names or []:
        if name not in known:
            raise ReeError(f"there is no page {name}", f"name one of {', '.join(known)}")
    written = Written([], [], [])
    with connect(file) as connection:
        studied = has_studies(connection)
    for page in (known[name] for name in names or known):
        if page.needs_studies and not studied:
            written.notes.append(f"{page.path}: left as it is, as the file holds no study (see `ree study`)")
            continue
        for path, text in _texts(page, file).items():
            place = root / path
            written.paths.append(place)
            if check:
                written.differences.extend(_difference(path, place, text))
            else:
                make_folder(place.parent)
                write_text(place, text)
    return written


def answered(text: str, file: Path, tabulate: Tabulate) -> str:
    """Print the answers below the `ree query` commands of a page again, from a published file.

    Raises:
        ReeError: If a query fails.
    """

    def renewed(found: re.Match[str]) -> str:
        command, sql, _ = found.groups()
        answer = ask(file, sql)
        return command + tabulate(answer.names, answer.rows)

    return _TRANSCRIPT.sub(renewed, text)


def _by_hand(path: str, tabulate: Tabulate) -> Page:
    page = PROJECT_ROOT / path
    return Page(path, lambda file: answered(page.read_text(encoding="utf-8"), file, tabulate))


def _from_connection(render: Callable[[duckdb.DuckDBPyConnection], str]) -> Callable[[Path], str]:
    def render_file(file: Path) -> str:
        with connect(file) as connection:
            return render(connection)

    return render_file


def _texts(page: Page, file: Path) -> dict[str, str]:
    """The page and its figures by path."""
    texts = {page.path: page.render(file)}
    if page.figures is not None:
        with connect(file) as connection:
            drawn = page.figures(connection)
        texts |= {f"docs/figures/{name}.svg": text for name, text in drawn.items()}
    return texts


def _difference(path: str, place: Path, fresh: str) -> Iterator[str]:
    """Say where a file first differs from what it should be, if it does."""
    is_figure = path.endswith(".svg")
    remedy = (
        "write its page again with `ree pages`" if is_figure else f"write it again with `ree pages {path}`"
    )
    if not place.is_file():
        yield f"{path}: the file is missing; {remedy}."
    elif (found := first_difference(place.read_text(encoding="utf-8"), fresh, is_figure=is_figure)) is None:
        return
    elif is_figure:
        yield f"{path}: the figure is not the one that the published file gives; {remedy}."
    else:
        number, old, new = found
        yield f"{path}, line {number}: says `{old}` where the published file gives `{new}`; {remedy}."


def first_difference(committed: str, fresh: str, *, is_figure: bool = False) -> tuple[int, str, str] | None:
    """Find the first line whose words or numbers differ, the head of a page left out.

    Another processor may round a sum otherwise: a number may differ by one in the last decimal printed, one
    with thousands separators by a ten-thousandth of it, and a place in a figure by half a pixel.

    Returns:
        Line number in `committed` and both pieces that differ, or None.
    """
    skipped, old_lines = (0, committed.split("\n")) if is_figure else _sections(committed)
    new_lines = fresh.split("\n") if is_figure else _sections(fresh)[1]
    for number, (old, new) in enumerate(zip_longest(old_lines, new_lines, fillvalue=""), start=skipped + 1):
        if old != new and (pair := _first_unequal(old, new, is_figure)) is not None:
            return number, *pair
    return None


def _sections(page: str) -> tuple[int, list[str]]:
    """Lines from the first section on, and how many are above them."""
    head, mark, rest = page.partition(_FIRST_SECTION)
    return (head.count("\n") + 1, (mark[1:] + rest).split("\n")) if mark else (0, page.split("\n"))


def _first_unequal(old: str, new: str, is_figure: bool) -> tuple[str, str] | None:
    pattern = re.compile(r"-?\d+(?:\.\d+)?") if is_figure else _NUMBER
    old_words, new_words = (_plain(text, pattern) for text in (old, new))
    old_numbers, new_numbers = pattern.findall(old), pattern.findall(new)
    if old_words != new_words or len(old_numbers) != len(new_numbers):
        return old.strip()[:120], new.strip()[:120]
    for first, second in zip(old_numbers, new_numbers, strict=True):
        if not _is_near(first, second, is_figure):
            return first, second
    return None


def _plain(line: str, number: re.Pattern[str]) -> list[str]:
    """The line without its numbers, and without what only fits columns to their widths."""
    return [re.sub(r"[━─]+", "─", word) for word in number.sub("0", line).split()]


def _is_near(first: str, second: str, is_figure: bool) -> bool:
    decimals = [len(text.partition(".")[2]) for text in (first, second)]
    old, new = (float(text.replace(",", "")) for text in (first, second))
    if is_figure:
        return abs(old - new) <= 0.5
    if decimals[0] != decimals[1]:
        return False
    if decimals[0] == 0:
        return old == new or ("," in first and abs(old - new) <= 1e-4 * abs(old))
    return abs(old - new) <= 1.001 * 10.0 ** -decimals[0]
