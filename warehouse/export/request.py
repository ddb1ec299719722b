"""What an export is asked for and what it came to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from warehouse.paths import DEFAULT_OUTPUT

EXPORTED_SCHEMAS = ("marts", "quality")
"""What is exported unless asked otherwise. What ``meta`` says of the build is in datapackage.json."""


class ExportFormat(StrEnum):
    """What a table can be written as; the last two are for tables whose rows have a point."""

    csv = "csv"
    parquet = "parquet"
    geojson = "geojson"
    geoparquet = "geoparquet"

    @property
    def suffix(self) -> str:
        """How a file of this format ends."""
        return ".parquet" if self is ExportFormat.geoparquet else f".{self}"


@dataclass(frozen=True)
class ExportRequest:
    """What to export where.

    Attributes:
        folder: Folder to make, or an earlier export to replace.
        file: Published file.
        schemas: Schemas whose tables are exported.
        formats: What each table is written as.
        progress: Receives the name of each table that was written.
    """

    folder: Path
    file: Path = DEFAULT_OUTPUT
    schemas: tuple[str, ...] = EXPORTED_SCHEMAS
    formats: tuple[ExportFormat, ...] = tuple(ExportFormat)
    progress: Callable[[str], None] = lambda _: None


@dataclass(frozen=True)
class ExportSummary:
    """What an export came to."""

    tables: int
    files: int
    size_bytes: int
