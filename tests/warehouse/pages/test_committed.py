"""Pages of the repository are compared with the file, and each difference is one sentence."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from tests.terminal import ree
from warehouse.build.run import BuildSummary
from warehouse.cli.console import as_text
from warehouse.errors import ReeError
from warehouse.pages.committed import answered, first_difference, pages, write_pages
from warehouse.paths import PROJECT_ROOT

PAGES = ["docs/model-card.md", "docs/bi.md", "README.md", "docs/mineralogy.md"]


@pytest.fixture(scope="module")
def written(built: BuildSummary, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("root")
    write_pages(built.output, as_text, PAGES, root=root)
    return root


def test_what_was_written_agrees_with_the_file(built: BuildSummary, written: Path) -> None:
    again = write_pages(built.output, as_text, PAGES, check=True, root=written)

    assert again.differences == []
    assert len(again.paths) == len(PAGES) + 5
    assert all(path.is_file() for path in again.paths)


@pytest.mark.parametrize(
    ("page", "pattern", "changed"),
    [
        ("docs/model-card.md", r"(\*\*\d)\.\d\d", r"\1.99"),
        ("docs/model-card.md", r"\| training_mean \|", "| some_mean |"),
        ("README.md", r"( champion_blend +│ +\d)\.\d\d", r"\1.99"),
        ("docs/mineralogy.md", r" carbonatite( +│ +)\d+", r" carbonatite\g<1>99"),
        ("docs/bi.md", r"the table lists \d+ plants", "the table lists 9 plants"),
    ],
)
def test_a_figure_or_word_that_the_file_does_not_give_is_named(
    built: BuildSummary, written: Path, tmp_path: Path, page: str, pattern: str, changed: str
) -> None:
    text = (written / page).read_text(encoding="utf-8")
    wrong, count = re.subn(pattern, changed, text, count=1)
    assert count == 1
    assert wrong != text
    (tmp_path / page).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / page).write_text(wrong, encoding="utf-8")

    differences = write_pages(built.output, as_text, [page], check=True, root=tmp_path).differences

    lines = zip(wrong.split("\n"), text.split("\n"), strict=True)
    line = next(number for number, (is_, was) in enumerate(lines, start=1) if is_ != was)
    (sentence,) = [text for text in differences if text.startswith(page)]
    assert sentence.startswith(f"{page}, line {line}: says ")
    assert sentence.endswith(f"write it again with `ree pages {page}`.")
    assert (tmp_path / page).read_text(encoding="utf-8") == wrong


def test_a_figure_that_is_not_the_files_is_named(built: BuildSummary, written: Path, tmp_path: Path) -> None:
    for path in write_pages(built.output, as_text, ["docs/model-card.md"], root=tmp_path).paths:
        if path.name == "league.svg":
            path.write_text(path.read_text(encoding="utf-8").replace("ridge", "rigde"), encoding="utf-8")
        if path.name == "patterns.svg":
            path.unlink()

    found = write_pages(built.output, as_text, ["docs/model-card.md"], check=True, root=tmp_path).differences

    assert [sentence.split(":")[0].split(",")[0] for sentence in found] == [
        "docs/figures/league.svg",
        "docs/figures/patterns.svg",
    ]


def test_the_page_of_studies_is_left_alone_without_studies(built: BuildSummary, tmp_path: Path) -> None:
    done = write_pages(built.output, as_text, ["docs/model-studies.md"], root=tmp_path)

    assert done.paths == []
    assert len(done.notes) == 1
    assert not list(tmp_path.iterdir())


def test_the_answers_of_a_page_are_those_of_its_queries(built: BuildSummary) -> None:
    page = (
        'Words.\n\n```\n$ .venv/bin/ree query "\n    select 1 as a, null as b"\n old │ answer\n```\n\nMore.\n'
    )

    assert answered(page, built.output, as_text) == (
        'Words.\n\n```\n$ .venv/bin/ree query "\n    select 1 as a, null as b"\n'
        " a ┃ b\n━━━╇━━━\n 1 │\n```\n\nMore.\n"
    )


def test_every_printed_answer_of_the_repository_is_compared() -> None:
    with_answers = {
        path.relative_to(PROJECT_ROOT).as_posix()
        for path in (PROJECT_ROOT / "README.md", *(PROJECT_ROOT / "docs").rglob("*.md"))
        if re.search(r'^```\w*\n\$ \.venv/bin/ree query "', path.read_text(encoding="utf-8"), re.MULTILINE)
    }

    assert with_answers == {"README.md", "docs/mineralogy.md"}
    assert with_answers <= set(pages(as_text))


@pytest.mark.parametrize(
    ("committed", "fresh", "found"),
    [
        ("# A\nrun 1\n## B\n3.64 ± 0.35", "# A\nrun 2\n## B\n3.65 ± 0.35", None),
        ("# A\nrun 1\n## B\n3.64 ± 0.35", "# A\nrun 1\n## B\n3.66 ± 0.35", (4, "3.64", "3.66")),
        ("## B\n64 projects", "## B\n65 projects", (2, "64", "65")),
        ("## B\n1,234,567 t", "## B\n1,234,560 t", None),
        ("## B\n1,234,567 t", "## B\n1,244,567 t", (2, "1,234,567", "1,244,567")),
        ("## B\n3.6", "## B\n3.60", (2, "3.6", "3.60")),
        ("## B\na ━━━╇━━ b", "## B\na ━━╇━━━━━  b", None),
        ("## B\nfew are a tie", "## B\nfew differ", (2, "few are a tie", "few differ")),
        ("## B\none", "## B\none\ntwo", (3, "", "two")),
        ("## B\n-0.1", "## B\n0.1", (2, "-0.1", "0.1")),
    ],
)
def test_words_and_numbers_are_compared_to_the_last_decimal(
    committed: str, fresh: str, found: tuple[int, str, str] | None
) -> None:
    assert first_difference(committed, fresh) == found


def test_the_command_fails_on_a_page_that_differs(built: BuildSummary, written: Path, tmp_path: Path) -> None:
    good = ree("pages", "docs/bi.md", "--check", "--file", str(built.output), "-o", str(written))
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "bi.md").write_text("# Another page\n", encoding="utf-8")
    bad = ree("pages", "docs/bi.md", "--check", "--file", str(built.output), "-o", str(tmp_path))

    assert (good.returncode, good.stdout) == (0, "1 pages and figures agree with the published file\n")
    assert bad.returncode == 1
    assert "docs/bi.md, line 1: says `# Another page` where the published file gives" in bad.stderr
    assert "Traceback" not in bad.stderr


def test_a_page_nobody_knows_is_one_sentence(built: BuildSummary) -> None:
    with pytest.raises(ReeError, match=r"there is no page docs/none\.md; name one of docs/model-card\.md"):
        write_pages(built.output, as_text, ["docs/none.md"])


def test_the_readme_counts_what_the_file_holds(warehouse: duckdb.DuckDBPyConnection) -> None:
    readme = (PROJECT_ROOT / "README.md").read_text(encoding="utf-8")
    counted = warehouse.execute(
        "select (select count(*) from marts.dim_projects), (select count(*) from marts.dim_plants)"
    ).fetchone()

    assert re.search(r"(\d+) projects and (\d+) plants", readme).groups() == tuple(map(str, counted))
