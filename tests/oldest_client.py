"""Reads every row of a published file with whatever DuckDB is installed; `make oldest-check` has an old one.

Nothing of the project is imported: the old engine has an environment of its own.
"""

from __future__ import annotations

import sys

import duckdb


def read_all(file: str) -> tuple[int, int]:
    """Return how many tables and views the file has, and how many rows came out of them."""
    with duckdb.connect(file, read_only=True) as connection:
        relations = connection.execute(
            "select table_schema, table_name from information_schema.tables"
        ).fetchall()
        rows = 0
        for schema, name in relations:
            result = connection.execute(f'select * from "{schema}"."{name}"')
            while chunk := result.fetchmany(10_000):
                rows += len(chunk)
    return len(relations), rows


if __name__ == "__main__":
    found = read_all(sys.argv[1])
    print(f"DuckDB {duckdb.__version__} reads {found[0]} tables and views, {found[1]} rows")
