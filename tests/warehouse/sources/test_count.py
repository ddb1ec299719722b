from __future__ import annotations

import csv
import io
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warehouse.build.gates.checks import accounting_suite
from warehouse.build.gates.runner import run_gate
from warehouse.build.load import load_sources
from warehouse.errors import GateFailedError
from warehouse.paths import SOURCES_DIR
from warehouse.sources import delimited
from warehouse.sources.contract import Dialect
from warehouse.sources.count import count_rows
from warehouse.sources.delimited import Record, read_delimited
from warehouse.sources.read import read_sources

# What makes rows of a file: quotes, delimiters, line ends, blanks, other scripts.
cell = st.text(st.sampled_from('ab"\'";,\n\r \t\u2028é吨'), max_size=6)
rows = st.lists(st.lists(cell, min_size=1, max_size=4), max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    rows=rows,
    delimiter=st.sampled_from(",;"),
    end=st.sampled_from(["\n", "\r\n"]),
    bom=st.booleans(),
    is_quoted=st.booleans(),
)
def test_the_second_reader_counts_what_was_carried_and_rejected(
    tmp_path: Path, rows: list[list[str]], delimiter: str, end: str, bom: bool, is_quoted: bool
) -> None:
    buffer = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if is_quoted else csv.QUOTE_MINIMAL
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerows([["a", "b", "c"], *rows])
    path = tmp_path / "t.csv"
    path.write_text(buffer.getvalue(), encoding="utf-8-sig" if bom else "utf-8", newline="")
    dialect = Dialect.model_validate({"delimiter": delimiter})

    read = read_delimited(path, dialect)

    assert count_rows(path, dialect) == len(read.records) + len(read.rejected)
    # Unquoted, the writer lets a lone carriage return pass, which is one more line end for every reader.
    assert not is_quoted or len(read.records) + len(read.rejected) == len(rows)


def test_a_row_the_parser_loses_stops_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    sort_out = delimited._sort_out

    def losing(path: Path, dialect: Dialect, rows: list[Record]) -> delimited.DelimitedText:
        return sort_out(path, dialect, rows[:-1] if path.name == "plants.csv" else rows)

    monkeypatch.setattr(delimited, "_sort_out", losing)
    with duckdb.connect() as connection:
        load_sources(connection, read_sources(SOURCES_DIR))
        with pytest.raises(GateFailedError, match=r"liu_2023__plants, .*rows a second reader counts"):
            run_gate("loaded", connection, [accounting_suite()])


def test_a_row_that_does_not_fit_is_in_the_count(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a;b;c\n1;2;3\n4;5\n\n6;7;8\n", encoding="utf-8")
    dialect = Dialect.model_validate({"delimiter": ";"})

    assert len(read_delimited(path, dialect).records) == 2
    assert count_rows(path, dialect) == 3
