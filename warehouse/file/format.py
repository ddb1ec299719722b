"""How a query's result is written. By itself, so that the help need not wait for the engine."""

from __future__ import annotations

from enum import StrEnum


class Format(StrEnum):
    """How ``ree query`` prints."""

    table = "table"
    csv = "csv"
    json = "json"
    parquet = "parquet"
