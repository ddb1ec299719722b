"""What the README prints is what the file answers, and what it names is there."""

from __future__ import annotations

import re
import shlex
from itertools import zip_longest

import duckdb
import pytest

from ml import Settings
from tests.terminal import ree
from warehouse.build.run import BuildSummary
from warehouse.paths import PROJECT_ROOT

README = (PROJECT_ROOT / "README.md").read_text(encoding="utf-8")
# A figure of a model may differ a little from one kind of processor to the next; a stale one differs by more.
TOLERANCE = {"rel": 0.05, "abs": 0.05}

_BLOCKS = re.findall(r"^```\w*\n\$ (?:\S*/)?ree (.*?)^```$", README, re.DOTALL | re.MULTILINE)


def _call_and_output(block: str) -> tuple[list[str], list[str]]:
    """Part a block into the words of its command, which may go over several lines, and what it printed."""
    lines = block.splitlines()
    for end in range(1, len(lines) + 1):
        command = "\n".join(lines[:end])
        if command.count('"') % 2 == 0:
            return shlex.split(command), lines[end:]
    raise AssertionError(f"the quotation mark is not closed: {block}")


def _cells(lines: list[str]) -> list[list[str | float]]:
    rows = [[cell.strip() for cell in re.split("[│┃]", line)] for line in lines if "━" not in line]
    return [[float(cell) if re.fullmatch(r"-?\d+(\.\d+)?", cell) else cell for cell in row] for row in rows]


def _is_trained_as_published(warehouse: duckdb.DuckDBPyConnection) -> bool:
    (settings,) = warehouse.execute(
        "select hyperparameters from ml.model_runs where is_current and not is_study"
    ).fetchone() or ("{}",)
    return bool(settings == Settings().to_json())


@pytest.mark.parametrize("block", _BLOCKS, ids=lambda block: " ".join(block.split())[:60])
def test_a_printed_answer_is_that_of_the_file(
    built: BuildSummary, warehouse: duckdb.DuckDBPyConnection, block: str
) -> None:
    words, printed = _call_and_output(block)
    done = ree(*words, "--file", str(built.output))
    shown, expected = _cells(printed), _cells(done.stdout.rstrip().splitlines())

    assert done.returncode == 0, done.stderr
    assert shown[0] == expected[0]
    assert len(shown) == len(expected) > 1
    if _is_trained_as_published(warehouse):
        for row, answered in zip(shown, expected, strict=True):
            for cell, answer in zip_longest(row, answered):
                wanted = pytest.approx(answer, **TOLERANCE) if isinstance(answer, float) else answer
                assert cell == wanted, (row, answered)


def test_there_are_answers_to_compare() -> None:
    assert _BLOCKS


def test_the_records_are_counted(warehouse: duckdb.DuckDBPyConnection) -> None:
    counted = re.search(r"(\d+)\s+projects\s+and\s+(\d+)\s+plants", README)
    expected = warehouse.execute(
        "select (select count(*) from marts.dim_projects), (select count(*) from marts.dim_plants)"
    ).fetchone()

    assert counted is not None
    assert tuple(map(int, counted.groups())) == expected


def test_what_is_linked_is_there() -> None:
    links = set(re.findall(r"\]\(([^)#]+)\)", README)) - {""}
    own = {link for link in links if "://" not in link}

    assert len(own) > 5
    assert {link for link in own if not (PROJECT_ROOT / link).exists()} == set()
