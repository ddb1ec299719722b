"""What the documents say was tried is tried by a check, and the rest says that it was not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from warehouse.paths import PROJECT_ROOT

GUIDE = PROJECT_ROOT / "docs" / "templates" / "bi.md.j2"
MAKEFILE = (PROJECT_ROOT / "Makefile").read_text("utf-8")
PAGES = [
    PROJECT_ROOT / "README.md",
    *sorted((PROJECT_ROOT / "docs").glob("*.md")),
    *sorted((PROJECT_ROOT / "docs" / "templates").glob("*.j2")),
]


def rows_of(section: str) -> list[list[str]]:
    text = GUIDE.read_text("utf-8").split(f"## {section}\n")[1].split("\n## ")[0]
    cells = [re.split(r"(?<!\\)\|", line.strip().strip("|")) for line in text.splitlines() if line[:1] == "|"]
    return [[cell.strip() for cell in row] for row in cells[2:]]


def test_every_version_of_the_engine_is_one_that_a_check_tries() -> None:
    oldest = re.search(r"^OLDEST_DUCKDB := (\S+)$", MAKEFILE, re.MULTILINE)
    lock = (PROJECT_ROOT / "dashboards" / "superset" / "requirements.lock").read_text("utf-8")
    of_superset = re.search(r"^duckdb==(\S+)", lock, re.MULTILINE)
    assert oldest is not None
    assert of_superset is not None
    tried = {oldest[1], oldest[1].rpartition(".")[0], of_superset[1]}

    named = {
        (page.name, version)
        for page in PAGES
        for version in re.findall(r"DuckDB v?(\d+(?:\.\d+)+)", page.read_text("utf-8"))
    }

    assert {page for page, _ in named} >= {"bi.md", "bi.md.j2"}
    assert {version for _, version in named} <= tried
    assert any(row[0] == f"DuckDB {oldest[1]}" for row in rows_of("What was tried"))


def test_every_tool_the_guide_explains_is_said_to_be_tried_or_not() -> None:
    explained = re.findall(r"^## (.+)$", GUIDE.read_text("utf-8").split("## Which joins\n")[1], re.MULTILINE)
    rows = rows_of("What was tried")
    tools = {tool.strip().lower() for row in rows for tool in row[0].split("{{")[0].split(",")}

    assert len(explained) > 5
    assert {tool.lower() for tool in explained} - {"cookbook"} <= tools
    for tool, _, verdict in rows:
        assert re.match("(yes|no)\\b", verdict), tool


@pytest.mark.parametrize("target", sorted(set(re.findall(r"`make ([a-z-]+)`", GUIDE.read_text("utf-8")))))
def test_a_check_that_is_named_can_be_made(target: str) -> None:
    assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)


def test_every_test_that_a_page_names_is_there() -> None:
    named = re.findall(
        r"`(tests/[\w/]+\.py)`(?:[:,]? `(test_\w+)`)?",
        (PROJECT_ROOT / "docs" / "anywhere.md").read_text("utf-8"),
    )

    assert len(named) > 20
    for file, test in named:
        text = Path(PROJECT_ROOT, file).read_text("utf-8")
        assert not test or f"def {test}(" in text, (file, test)
