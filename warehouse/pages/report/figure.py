"""What a chart needs on the page: its drawing, its words and its numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd


@dataclass(frozen=True)
class Column:
    """One column of a table on the page.

    Attributes:
        name: Column of the frame.
        label: The text above it.
        digits: Decimals of a number; None for text.
        unit: Unit, shown under the label.
        wide: Whether the text may run over several lines.
    """

    name: str
    label: str
    digits: int | None = None
    unit: str = ""
    wide: bool = False


@dataclass(frozen=True)
class Table:
    """Rows that are read without JavaScript.

    Attributes:
        key: Identifier on the page.
        caption: What the table holds.
        columns: Its columns, in order.
        rows: Frame with those columns.
    """

    key: str
    caption: str
    columns: tuple[Column, ...]
    rows: pd.DataFrame


@dataclass(frozen=True)
class Choice:
    """A control that sets a signal of a chart.

    Attributes:
        signal: Vega signal it sets.
        label: What the reader chooses.
        options: Value of the signal, by the text shown; the first is set at the start.
    """

    signal: str
    label: str
    options: dict[str, str]


@dataclass(frozen=True)
class Figure:
    """A chart with a text alternative and the table of its numbers.

    Attributes:
        key: Identifier on the page.
        title: What it shows, as a heading.
        alternative: The same in words, for readers who cannot see it.
        spec: Vega-Lite specification.
        caption: How to read it.
        tables: Its numbers.
        choices: Controls that set its signals.
        aspect: Height over width, for charts that keep their shape; None for a height of their own.
        is_narrow: Whether it is drawn no wider than text.
        is_zoomable: Whether it has buttons that enlarge it.
        min_width_px: Width below which it is scrolled instead of drawn smaller.
    """

    key: str
    title: str
    alternative: str
    spec: dict[str, Any]
    caption: str = ""
    tables: tuple[Table, ...] = ()
    choices: tuple[Choice, ...] = field(default=())
    aspect: float | None = None
    is_narrow: bool = False
    is_zoomable: bool = False
    min_width_px: int = 0


def highest_row(frame: pd.DataFrame, column: str) -> dict[str, Any]:
    """Return the row with the highest value of ``column``, to be described in words."""
    return {str(name): value for name, value in frame.nlargest(1, column).iloc[0].items()}
