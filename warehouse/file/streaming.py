"""Results as CSV, JSON or Parquet, written as they come, so that memory does not grow with them."""

from __future__ import annotations

import contextlib
import datetime
import io
import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.file.format import Format
from warehouse.file.query import Limits, running

if TYPE_CHECKING:
    import duckdb

_VECTORS = 64
"""How many vectors, of 2048 rows, are in memory at a time."""

_ROWS = 2048 * _VECTORS


def stream(file: Path, sql: str, form: Format, limits: Limits = Limits()) -> None:  # noqa: B008 - frozen
    """Write a query's result to standard output.

    Raises:
        ReeError: If the statement is wrong or would write, or takes more than ``limits``.
    """
    with running(file, sql, limits) as result:
        if form is Format.parquet:
            _parquet(result)
        elif form is Format.csv:
            _csv(result)
        else:
            _json(result)


def _parquet(result: duckdb.DuckDBPyConnection) -> None:
    import pyarrow.parquet as pq

    reader = result.fetch_record_batch(_ROWS)
    with pq.ParquetWriter(sys.stdout.buffer, reader.schema) as writer:
        for batch in reader:
            writer.write_batch(batch)


@contextlib.contextmanager
def _utf8() -> Iterator[io.TextIOWrapper]:
    """Yield standard output as UTF-8, which data is whatever a terminal can show."""
    sys.stdout.flush()
    text = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="")
    try:
        yield text
        text.flush()
    finally:
        text.detach()


def _csv(result: duckdb.DuckDBPyConnection) -> None:
    chunk = result.fetch_df_chunk(_VECTORS)
    with _utf8() as out:
        chunk.to_csv(out, index=False)
        while len(chunk := result.fetch_df_chunk(_VECTORS)):
            chunk.to_csv(out, index=False, header=False)


def _json(result: duckdb.DuckDBPyConnection) -> None:
    names = [column[0] for column in result.description or []]
    before = "["
    with _utf8() as out:
        while rows := result.fetchmany(_ROWS):
            for row in rows:
                values = dict(zip(names, map(_json_value, row), strict=True))
                out.write(before + json.dumps(values, ensure_ascii=False, allow_nan=False, default=str))
                before = ",\n"
        out.write("[]\n" if before == "[" else "]\n")


def _json_value(value: object) -> object:
    """Return what JSON can hold: no infinite number, times as ISO 8601 writes them."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return value.isoformat()
    return value
