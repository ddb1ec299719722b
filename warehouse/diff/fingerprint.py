"""Fingerprints: one digest per table that neither the order of rows nor that of columns changes.

A row is written as one text: its values in the order of their columns' names, each with its length before it,
a null as a dash. The MD5 of each row is read as two whole numbers of 64 bits, and each is added up over the
rows: a sum has no order, and counts a row as often as it is there. Any engine that has MD5 can do the same.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from warehouse.diff.compare import COMPARED_SCHEMAS, VOLATILE_COLUMNS
from warehouse.diff.runs import read_current_run, rows_of_current_run
from warehouse.digest import sha256_of_text
from warehouse.errors import ReeError
from warehouse.file.catalogue import Column, Table, quoted, read_tables
from warehouse.file.query import CATALOG, connect

_BINARY_FRACTIONS = ("FLOAT", "DOUBLE")
_STORED = {"schemas": list, "with_volatile": bool, "tables": list}
_DIGITS = 32


@dataclass(frozen=True)
class TableFingerprint:
    """Digest of the columns, types, key and rows of one table; ``rows`` is how many rows it is of."""

    table: str
    rows: int
    fingerprint: str


@dataclass(frozen=True)
class Fingerprint:
    """Digests of the tables of a file.

    Attributes:
        schemas: Schemas whose tables are taken.
        with_volatile: Whether columns that say when something was made count, and earlier model runs.
        tables: One per table, in alphabetical order.
    """

    schemas: tuple[str, ...]
    with_volatile: bool
    tables: tuple[TableFingerprint, ...]

    @property
    def of_all(self) -> str:
        """Digest of all tables together."""
        return _digest(*(f"{table.table} {table.fingerprint}" for table in self.tables))

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON, as :func:`read_stored` reads it."""
        return {"fingerprint": self.of_all, **asdict(self)}


@dataclass(frozen=True)
class Difference:
    """A table that is not the same in two files: ``change`` is ``added``, ``removed`` or ``changed``."""

    table: str
    change: str
    old_rows: int | None
    new_rows: int | None


def take_fingerprint(
    file: Path, schemas: tuple[str, ...] = COMPARED_SCHEMAS, *, with_volatile: bool = False
) -> Fingerprint:
    """Return the fingerprint of a published file.

    Files that an exact diff calls the same have the same one: columns that say when something was made are
    left out, and of model runs the current one alone counts, whatever its id. Fractions count by their value.

    Args:
        file: The published file.
        schemas: Schemas whose tables are taken.
        with_volatile: Count those columns too, and all runs by their ids.

    Raises:
        ReeError: If the file cannot be opened or has no tables in ``schemas``.
    """
    with connect(file) as connection:
        tables = read_tables(connection, schemas)
        missing = set(schemas) - {table.schema for table in tables}
        if missing:
            raise ReeError(
                f"there are no tables in {', '.join(sorted(missing))}", "correct --schema", file=file
            )
        run = None if with_volatile else read_current_run(connection, CATALOG)
        try:
            found = tuple(
                fingerprint_table(connection, table, run, with_volatile=with_volatile) for table in tables
            )
        except duckdb.Error as error:
            raise ReeError(
                f"the file cannot be read ({' '.join(str(error).split())})", "build again", file=file
            ) from error
    return Fingerprint(schemas, with_volatile, found)


def compare_fingerprints(old: Fingerprint, new: Fingerprint) -> list[Difference]:
    """Return the tables that are not the same, in alphabetical order."""
    before = {table.table: table for table in old.tables}
    after = {table.table: table for table in new.tables}
    differences = []
    for name in sorted(before.keys() | after.keys()):
        one, other = before.get(name), after.get(name)
        if one is None or other is None:
            change = "added" if one is None else "removed"
        elif one.fingerprint != other.fingerprint:
            change = "changed"
        else:
            continue
        differences.append(Difference(name, change, _rows(one), _rows(other)))
    return differences


def _rows(table: TableFingerprint | None) -> int | None:
    return None if table is None else table.rows


def read_stored(file: Path) -> Fingerprint:
    """Read what ``ree fingerprint --json`` printed.

    Raises:
        ReeError: If the file cannot be read, or is something else.
    """
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
        if any(not isinstance(stored[name], kind) for name, kind in _STORED.items()):
            raise TypeError
        tables = tuple(TableFingerprint(**table) for table in stored["tables"])
        found = Fingerprint(tuple(map(str, stored["schemas"])), stored["with_volatile"], tables)
        is_whole = found.of_all == stored["fingerprint"]
    except OSError as error:
        raise ReeError(
            f"the file cannot be read ({error.strerror})", "correct --against", file=file
        ) from error
    except (ValueError, TypeError, KeyError) as error:
        raise ReeError(
            "this is not a fingerprint", "name a file that `ree fingerprint --json` wrote", file=file
        ) from error
    if not is_whole:
        raise ReeError(
            "this fingerprint was edited", "write it again with `ree fingerprint --json`", file=file
        )
    return found


def fingerprint_table(
    connection: duckdb.DuckDBPyConnection, table: Table, run: str | None, *, with_volatile: bool
) -> TableFingerprint:
    """Return the digest of one table of the connection's own file.

    Args:
        connection: Connection the file is open in.
        table: The table.
        run: Id of the current model run, whose rows alone count; none counts all rows.
        with_volatile: Count columns that say when something was made.
    """
    volatile = frozenset() if with_volatile else VOLATILE_COLUMNS - set(table.primary_key)
    columns = sorted((c for c in table.columns if c.name not in volatile), key=lambda column: column.name)
    place = quoted(table.schema, table.name)
    rows = place if run is None else rows_of_current_run(place, table, run)
    text = " || ".join(map(_written, columns)) or "''"
    found = connection.execute(
        "select count(*), sum(md5_number_upper(written)), sum(md5_number_lower(written)) "
        f"from (select {text} as written from {rows})"
    ).fetchone()
    assert found is not None
    count, *sums = found
    layout = json.dumps([[(c.name, c.data_type) for c in columns], table.primary_key])
    return TableFingerprint(
        table.full_name, count, _digest(layout, *(str(int(each or 0) % 2**64) for each in (count, *sums)))
    )


def _written(column: Column) -> str:
    """SQL of a value as a text that no other value of its column has, and whose end is known."""
    value = quoted(column.name)
    if column.data_type in _BINARY_FRACTIONS:
        # Zero has two signs, and one value.
        value = f"({value} + 0)"
    text = f"{value}::varchar"
    return f"coalesce(length({text}) || ':' || {text}, '-')"


def _digest(*parts: str) -> str:
    return sha256_of_text("\n".join(parts))[:_DIGITS]
