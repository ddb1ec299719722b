"""Earlier builds are kept without a copy, and one of them can be put back."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from tests.terminal import ree
from warehouse.build.history import keep_current, kept_builds, newer_builds, roll_back
from warehouse.errors import ReeError
from warehouse.pages.lineage import describes, docs_file, put_docs
from warehouse.publish import is_as_published, publish, sole_build


def build(output: Path, number: int, keep: int = 3, page: bool = True) -> str:
    """Publish a stand-in of a build, as a build does, and return its id."""
    build_id = f"build-2026010{number}T120000000000"
    with duckdb.connect(str(output.with_name("made"))) as connection:
        connection.execute("create schema meta")
        connection.execute(f"create table meta.builds as select '{build_id}' as build_id, true as is_current")
        connection.execute(f"create table t as select {number} as a")
    keep_current(output, keep)
    publish(output.with_name("made"), output)
    if page:
        output.with_name("page").write_text(f"<html>{number}</html>\n")
        put_docs(output.with_name("page"), output)
    return build_id


def value(file: Path) -> int:
    with duckdb.connect(str(file), read_only=True) as connection:
        return int((connection.execute("select a from t").fetchone() or (0,))[0])


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "ree.duckdb"


def test_the_last_builds_are_kept_whole_and_cost_no_disk(output: Path) -> None:
    ids = [build(output, 1)]
    inode = output.stat().st_ino
    ids += [build(output, number) for number in (2, 3, 4, 5)]
    kept = kept_builds(output)

    assert [each.name for each in kept] == [ids[3], ids[2], ids[1]]
    assert [value(each.file) for each in kept] == [4, 3, 2]
    assert all(is_as_published(each.file) and describes(each.file) for each in kept)
    assert kept[0].built_at == "2026-01-04 12:00"
    assert newer_builds(output) == []
    assert inode not in {each.file.stat().st_ino for each in kept}

    # What was published is linked, not copied.
    inode = output.stat().st_ino
    build(output, 6, keep=1)
    (only,) = kept_builds(output)
    assert only.file.stat().st_ino == inode
    build(output, 7, keep=0)
    assert not (output.parent / "history").exists()


def test_a_build_is_put_back_with_digest_and_page(output: Path) -> None:
    first, second, third = (build(output, number) for number in (1, 2, 3))
    done = ree("rollback", first, "--file", str(output))

    assert (done.returncode, value(output)) == (0, 1)
    assert done.stdout.endswith(
        f"ree.duckdb is {first} again (built 2026-01-01 12:00 UTC); {third}, which it replaced, is kept\n"
    )
    assert is_as_published(output)
    assert describes(output)
    assert (
        [each.name for each in kept_builds(output)]
        == [third, second]
        == [each.name for each in newer_builds(output)]
    )
    roll_back(output, third)
    assert (value(output), newer_builds(output)) == (3, [])
    assert docs_file(output).read_text().startswith("<html>3</html>")
    assert [each.name for each in kept_builds(output)] == [second, first]


def test_the_page_of_another_build_does_not_stay(output: Path) -> None:
    first = build(output, 1, page=False)
    build(output, 2)
    roll_back(output, first)

    assert not docs_file(output).exists()
    assert describes(kept_builds(output)[0].file)


def test_a_file_changed_by_a_study_is_kept_beside_that_of_its_build(output: Path) -> None:
    first = build(output, 1)
    assert build(output, 1, page=False) == first
    with duckdb.connect(str(output)) as connection:
        connection.execute("update t set a = 11")
    publish(output, output.with_name("studied"))
    publish(output.with_name("studied"), output)
    build(output, 2)

    assert [each.name for each in kept_builds(output)] == [f"{first}-2", first]
    assert roll_back(output, first)[0].name == first


def test_builds_are_listed(output: Path) -> None:
    first, second = build(output, 1), build(output, 2)
    listed = json.loads(ree("rollback", "--file", str(output), "--json").stdout)
    shown = ree("rollback", "--file", str(output)).stdout

    assert (listed["current"]["build"], [each["build"] for each in listed["kept"]]) == (second, [first])
    assert listed["kept"][0]["has_lineage_page"] is True
    lines = [line.split("│") for line in shown.splitlines()[2:]]
    assert [(line[0].strip(), line[-1].strip()) for line in lines] == [(second, "published"), (first, "kept")]


def test_what_cannot_be_put_back_is_refused(output: Path) -> None:
    with pytest.raises(ReeError, match="no published file"):
        roll_back(output, "build-1")
    first = build(output, 1)
    with pytest.raises(ReeError, match="no earlier build is kept"):
        roll_back(output, first)
    build(output, 2)
    build(output, 3)
    with pytest.raises(ReeError, match=f"no kept build 'build-9'; name one of .*{first}"):
        roll_back(output, "build-9")
    with pytest.raises(ReeError, match="may be several builds"):
        roll_back(output, "build-")
    with sole_build(output), pytest.raises(ReeError, match="a build is under way"):
        roll_back(output, first)
    with kept_builds(output)[1].file.open("r+b") as stream:
        stream.seek(5000)
        stream.write(b"damage")
    with pytest.raises(ReeError, match="not as it was published"):
        roll_back(output, first)
    assert value(output) == 3


def test_the_number_comes_from_the_environment_and_the_option(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def take(request: object, as_json: bool) -> bool:
        seen.append(request.keep)  # type: ignore[attr-defined]
        return True

    monkeypatch.setattr("warehouse.cli.commands.build._is_up_to_date", take)
    ree("build")
    ree("build", REE_KEEP_BUILDS="5")
    ree("build", "--keep", "0", REE_KEEP_BUILDS="5")

    assert seen == [3, 5, 0]
    assert ree("build", REE_KEEP_BUILDS="many").returncode == 2


def test_the_next_build_knows_that_the_file_is_an_older_one(
    output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = build(output, 1), build(output, 2)
    roll_back(output, first)

    def stop(*_: object) -> None:
        raise ReeError("the build began", "stop it")

    monkeypatch.setattr("warehouse.build.run.build", stop)
    said = ree("build", "--output", str(output)).stderr

    assert f"is an older build, put back by `ree rollback`; newer and kept: {second}." in said
