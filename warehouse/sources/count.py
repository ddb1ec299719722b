"""Rows of a delimited file, counted by a reader of its own.

The account compares what was loaded and what was rejected with this count. It must not come from the parser
that loads, or a row that parser loses would be missing on both sides.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.csv as arrow_csv

from warehouse.errors import ReeError
from warehouse.sources.contract import Dialect


def count_rows(path: Path, dialect: Dialect) -> int:
    """Return how many rows the file has below its header, whether they fit it or not; blank lines are none.

    Raises:
        ReeError: If Arrow's reader cannot make rows of the file.
    """
    misfits = 0

    def skip(_: object) -> str:
        nonlocal misfits
        misfits += 1
        return "skip"

    try:
        # One block, as a quoted cell may hold line ends anywhere.
        table = arrow_csv.read_csv(
            path,
            read_options=arrow_csv.ReadOptions(use_threads=False, block_size=max(path.stat().st_size, 1)),
            parse_options=arrow_csv.ParseOptions(
                delimiter=dialect.delimiter,
                quote_char=dialect.quote_char,
                newlines_in_values=True,
                invalid_row_handler=skip,
            ),
        )
    except pa.ArrowInvalid as error:
        raise ReeError(
            f"its rows cannot be counted ({' '.join(str(error).split())})",
            "restore the file, it is damaged",
            file=path,
        ) from error
    return int(table.num_rows) + misfits
