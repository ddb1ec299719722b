from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warehouse.errors import ReeError
from warehouse.sources.contract import Dialect
from warehouse.sources.delimited import read_delimited

COMMA = Dialect.model_validate({})
SEMICOLON = Dialect.model_validate({"delimiter": ";"})

# A lone carriage return outside quotes ends a line; the writer quotes it, so any text but NUL is allowed.
cell = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=12)
tables = st.lists(st.lists(cell, min_size=3, max_size=3), min_size=1, max_size=6)


def write(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=tables, delimiter=st.sampled_from(",;"), bom=st.booleans())
def test_every_cell_comes_back_verbatim_with_its_line(
    tmp_path: Path, rows: list[list[str]], delimiter: str, bom: bool
) -> None:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(["a", "b", "c"])
    starts = []
    for row in rows:
        # Universal newlines: \r\n is one line end, a lone \r or \n another.
        text = buffer.getvalue().replace("\r\n", "\n").replace("\r", "\n")
        starts.append(text.count("\n") + 1)
        writer.writerow(row)
    path = write(tmp_path / "t.csv", ("\ufeff" if bom else "") + buffer.getvalue())

    read = read_delimited(path, Dialect.model_validate({"delimiter": delimiter}))

    assert [list(record.cells) for record in read.records] == rows
    assert [record.line for record in read.records] == starts
    assert not read.rejected


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    widths=st.lists(st.integers(1, 5), min_size=1, max_size=8),
)
def test_rows_in_the_file_are_rows_carried_plus_rows_rejected(tmp_path: Path, widths: list[int]) -> None:
    lines = ["a,b,c"] + [",".join("x" * width) for width in widths]
    path = write(tmp_path / "t.csv", "\n".join(lines))

    read = read_delimited(path, COMMA)

    assert len(read.records) == sum(width == 3 for width in widths)
    assert [row.line for row in read.rejected] == [i + 2 for i, w in enumerate(widths) if w != 3]


def test_a_rejected_row_keeps_its_text_and_says_why(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", "a;b\n1;2\n1;2;3\n")

    (row,) = read_delimited(path, SEMICOLON).rejected

    assert (row.file, row.line, row.text) == ("t.csv", 3, "1;2;3")
    assert "3 cells where the header has 2" in row.reason


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", None, "empty"),
        ("\n \n", None, "empty"),
        ('a,b\n1,"open\n2,3\n4,5\n', 2, "close or double the quotation mark"),
        ('a,b\n1,"x"y\n', 2, "quotation mark"),
        (b"a,b\n1,\xff\n", 2, "not UTF-8"),
        ("a,b\n1,\0\n", 2, "NUL"),
        ("a,b,a\n1,2,3\n", 1, "names 'a' twice"),
    ],
)
def test_damage_is_told_in_one_sentence(
    tmp_path: Path, text: str | bytes, line: int | None, words: str
) -> None:
    path = write(tmp_path / "damaged.csv", text)

    with pytest.raises(ReeError) as caught:
        read_delimited(path, COMMA)

    message = str(caught.value)
    assert words in message
    assert "damaged.csv" in message
    assert caught.value.row == line
    assert "\n" not in message


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReeError, match=r"gone\.csv: the file is missing"):
        read_delimited(tmp_path / "gone.csv", COMMA)
