"""Read-only questions to the published file."""

from __future__ import annotations

import contextlib
import re
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from warehouse.errors import ReeError
from warehouse.file.catalogue import literal, read_schemas
from warehouse.paths import published_file

CATALOG = "ree"
"""Name that a published file is attached under: one called marts.duckdb would share its own with a schema."""

_HOLDER = re.compile(r"lock is held in (.+?) \(PID (\d+)\)")
_ASKING = {"SELECT", "EXPLAIN", "PRAGMA"}


class LockedError(ReeError):
    """Another program has the file open for writing."""


@dataclass(frozen=True)
class Limits:
    """What a question may cost: seconds, 0 for no limit, and memory as the engine writes it."""

    seconds: float = 300.0
    memory: str = "4GB"


@dataclass(frozen=True)
class Answer:
    """Column names and rows of a query."""

    names: list[str]
    rows: list[tuple[Any, ...]]


def connect(file: Path) -> duckdb.DuckDBPyConnection:
    """Open the published file read-only, attached as `CATALOG`, so that its own name does not matter.

    Raises:
        ReeError: If it is not there, locked by another program, or no published file.
    """
    path = published_file(file)
    connection = duckdb.connect()
    try:
        connection.execute(f"attach {literal(str(path))} as {CATALOG} (read_only)")
        connection.execute(f"use {CATALOG}")
        is_ours = "marts" in read_schemas(connection, [CATALOG])
    except duckdb.Error as error:
        connection.close()
        raise _cannot_open(file, error) from error
    if not is_ours:
        connection.close()
        raise ReeError(
            "this is a DuckDB file, but not one that `ree build` made", "name the published file", file=file
        )
    return connection


def _cannot_open(file: Path, error: duckdb.Error) -> ReeError:
    said = " ".join(str(error).split())
    if holder := _HOLDER.search(said):
        return LockedError(
            f"{holder[1]} (process {holder[2]}) has it open for writing",
            "close it there, or copy the file and ask the copy",
            file=file,
        )
    if "not a valid DuckDB database file" in said:
        return ReeError("this is not a DuckDB file", "name the published file", file=file)
    return ReeError(f"the file cannot be opened ({said})", "run `make build` again", file=file)


def read_statement(sql: str | None, sql_file: Path | None) -> str:
    """Return the statement to run: given as it is, from standard input for ``-``, or from a file.

    Raises:
        ReeError: If none is given, or two are, or the file cannot be read.
    """
    if (sql is None) == (sql_file is None):
        problem = "there is no SQL to run" if sql is None else "there is SQL both as a text and in a file"
        raise ReeError(problem, "give it as a text, with --sql-file, or with - to read it from the input")
    if sql_file is not None:
        try:
            return sql_file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ReeError(
                f"the SQL cannot be read ({error})", "correct --sql-file", file=sql_file
            ) from error
    return sys.stdin.read() if sql == "-" else str(sql)


@contextlib.contextmanager
def running(file: Path, sql: str, limits: Limits) -> Iterator[duckdb.DuckDBPyConnection]:
    """Run one statement that only asks, and yield the connection to fetch its rows from.

    Nothing but the published file can be read, nothing written, and no setting changed.

    Raises:
        ReeError: If the statement is wrong, more than one, would write, or takes more than ``limits``.
    """
    with connect(file) as connection:
        connection.execute(f"set memory_limit = {literal(limits.memory)}")
        # Memory that is full is a failure of one sentence; files of its own the engine may not write.
        connection.execute("set temp_directory = ''")
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        timer = threading.Timer(limits.seconds, connection.interrupt)
        timer.daemon = True
        if limits.seconds:
            timer.start()
        try:
            _only_ask(connection, sql)
            yield connection.execute(sql)
        except duckdb.InterruptException as error:
            raise ReeError(
                f"the query took more than {limits.seconds:g} s and was stopped",
                "narrow it, or give it longer with --timeout",
            ) from error
        except duckdb.OutOfMemoryException as error:
            raise ReeError(
                f"the query needs more than {limits.memory} of memory",
                "narrow it, or give it more with --memory",
            ) from error
        except duckdb.Error as error:
            raise _as_failure(error) from error
        finally:
            timer.cancel()


def _only_ask(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    statements = connection.extract_statements(sql)
    if not statements:
        raise ReeError("there is no SQL to run", "give a statement")
    if len(statements) > 1:
        raise ReeError(f"there are {len(statements)} statements", "give one at a time")
    kind = statements[0].type.name
    if kind not in _ASKING:
        raise ReeError(
            f"the file is read-only, and the statement is {kind}", "ask with select, describe or explain"
        )


def ask(file: Path, sql: str, limits: Limits = Limits()) -> Answer:
    """Run one statement and fetch everything.

    Raises:
        ReeError: If the statement is wrong or would write, or takes more than ``limits``.
    """
    with running(file, sql, limits) as result:
        return Answer([column[0] for column in result.description or []], result.fetchall())


def records(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    """Run one statement of the project's own and return its rows by column name, nulls as None."""
    cursor = connection.execute(sql)
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _as_failure(error: duckdb.Error) -> ReeError:
    return ReeError(
        f"the query failed ({' '.join(str(error).split())})",
        'correct the SQL; `ree query "show all tables"` lists what there is',
    )
