"""Read-only questions to the published file."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from warehouse.errors import ReeError
from warehouse.file.format import Format
from warehouse.paths import published_file


@dataclass(frozen=True)
class Answer:
    """Column names and rows of a query."""

    names: list[str]
    rows: list[tuple[Any, ...]]


def connect(file: Path) -> duckdb.DuckDBPyConnection:
    """Open the published file read-only.

    Raises:
        ReeError: If it is not there or not a DuckDB file.
    """
    try:
        return duckdb.connect(str(published_file(file)), read_only=True)
    except duckdb.IOException as error:
        raise ReeError(
            f"the file cannot be opened ({' '.join(str(error).split())})", "run `make build` again", file=file
        ) from error


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


def ask(file: Path, sql: str) -> Answer:
    """Run one statement and fetch everything.

    Raises:
        ReeError: If the statement is wrong or would write.
    """
    with connect(file) as connection:
        relation = _run(connection, sql)
        names = [column[0] for column in relation.description or []]
        return Answer(names, relation.fetchall())


def records(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    """Run one statement of the project's own and return its rows by column name, nulls as None."""
    cursor = connection.execute(sql)
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def stream(file: Path, sql: str, form: Format) -> None:
    """Write a query's result to standard output as CSV, JSON or Parquet, by the engine's own writers.

    Raises:
        ReeError: If the statement is wrong or would write.
    """
    with connect(file) as connection:
        relation = _relation(connection, sql)
        if form is Format.parquet:
            import pyarrow.parquet as pq

            pq.write_table(relation.to_arrow_table(), sys.stdout.buffer)
            return
        frame = relation.df()
        if form is Format.csv:
            frame.to_csv(sys.stdout, index=False)
        else:
            sys.stdout.write(frame.to_json(orient="records", date_format="iso", force_ascii=False) + "\n")


def _run(connection: duckdb.DuckDBPyConnection, sql: str) -> duckdb.DuckDBPyConnection:
    try:
        return connection.execute(sql)
    except duckdb.Error as error:
        raise _as_failure(error) from error


def _relation(connection: duckdb.DuckDBPyConnection, sql: str) -> duckdb.DuckDBPyRelation:
    try:
        return connection.sql(sql)
    except duckdb.Error as error:
        raise _as_failure(error) from error


def _as_failure(error: duckdb.Error) -> ReeError:
    return ReeError(
        f"the query failed ({' '.join(str(error).split())})",
        'correct the SQL; `ree query "show all tables"` lists what there is',
    )
