"""Whether a published file is whole, to the last block."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.build.gates.runner import CheckResult
from warehouse.errors import ReeError
from warehouse.file.catalogue import quoted, read_relations
from warehouse.file.query import connect
from warehouse.publish import is_as_published, published_digest

GATE = "file"
_REMEDY = "put an earlier build back with `ree rollback`, or build again with `ree build --force`"


@dataclass(frozen=True)
class Wholeness:
    """What was found, and whether the tables can be read at all."""

    result: CheckResult
    is_readable: bool


def check_whole(file: Path) -> Wholeness:
    """Compare all bytes of a file with the digest beside it; where that fails or is not there, read all rows.

    The engine holds every block that it reads against the block's checksum.

    Raises:
        ReeError: If the file is not there or no published file, and has no digest that says it was one.
    """
    size = f"{file.stat().st_size / 1e6:.1f} MB" if file.is_file() else ""
    digest = published_digest(file)
    if digest is not None and is_as_published(file):
        return _found("pass", f"all {size} are as published (SHA-256 {digest[:12]})")
    try:
        tables = _read_all(file)
    except (duckdb.Error, ReeError) as error:
        if digest is None and isinstance(error, ReeError):
            raise
        said = error.problem if isinstance(error, ReeError) else " ".join(str(error).split())
        return _found("fail", f"the file is damaged ({said[:200]}); {_REMEDY}", is_readable=False)
    if digest is None:
        return _found("pass", f"no digest is beside the file; the {tables} tables of its {size} were read")
    return _found("fail", f"the file is not as it was published, though its tables can be read; {_REMEDY}")


def _found(outcome: str, observed: str, *, is_readable: bool = True) -> Wholeness:
    return Wholeness(CheckResult(GATE, "every block", outcome, observed), is_readable)


def _read_all(file: Path) -> int:
    with connect(file) as connection:
        tables = [each for each in read_relations(connection) if each.kind == "table"]
        for table in tables:
            place = quoted(table.schema, table.name)
            connection.execute(f"select bit_xor(hash(each_row)) from {place} as each_row").fetchall()
        return len(tables)
