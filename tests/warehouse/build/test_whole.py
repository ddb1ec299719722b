"""A check reads every block of the file."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from tests.terminal import ree
from warehouse.build.gates.whole import check_whole
from warehouse.errors import ReeError
from warehouse.publish import publish

MEGABYTE = 1_000_000


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A published file of some megabytes that the engine cannot compress."""
    made = tmp_path / "made"
    with duckdb.connect(str(made)) as connection:
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.t as select i, md5(i::varchar) as a from range(160_000) as r(i)"
        )
    publish(made, tmp_path / "ree.duckdb")
    return tmp_path / "ree.duckdb"


def without_digest(file: Path) -> Path:
    file.with_name(f"{file.name}.sha256").unlink()
    return file


def overwrite(file: Path, start: int, count: int = 200_000) -> None:
    with file.open("r+b") as stream:
        stream.seek(start)
        stream.write(b"\xa5" * count)


def test_a_whole_file_passes_by_its_digest_and_without_one_by_reading_it(published: Path) -> None:
    assert published.stat().st_size > 2 * MEGABYTE
    by_digest = check_whole(published).result
    by_reading = check_whole(without_digest(published)).result

    assert (by_digest.outcome, by_reading.outcome) == ("pass", "pass")
    assert "are as published (SHA-256 " in by_digest.observed
    assert "the 1 tables of its " in by_reading.observed


@pytest.mark.parametrize("has_digest", [True, False])
@pytest.mark.parametrize("start", [MEGABYTE, 2 * MEGABYTE])
def test_200_kb_overwritten_are_found_wherever_they_are(
    published: Path, start: int, has_digest: bool
) -> None:
    overwrite(published if has_digest else without_digest(published), start)
    found = check_whole(published)

    assert (found.result.outcome, found.is_readable) == ("fail", False)
    assert found.result.observed.startswith("the file is damaged (")
    assert "`ree rollback`" in found.result.observed


def test_one_byte_that_no_table_uses_is_found_by_the_digest(published: Path) -> None:
    with published.open("ab") as stream:
        stream.write(b"x")
    found = check_whole(published)

    assert (found.result.outcome, found.is_readable) == ("fail", True)
    assert "not as it was published" in found.result.observed


def test_the_command_fails_in_one_line(published: Path) -> None:
    overwrite(published, MEGABYTE)
    done = ree("check", "--file", str(published))

    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("✗ file  every block  the file is damaged (")
    assert done.stdout.endswith("ree.duckdb: 1 of 1 checks fail\n")


def test_what_was_never_published_is_refused_as_ever(published: Path, tmp_path: Path) -> None:
    with pytest.raises(ReeError, match="no published file"):
        check_whole(tmp_path / "none.duckdb")
    other = tmp_path / "other.duckdb"
    shutil.copyfile(__file__, other)
    with pytest.raises(ReeError, match="not a DuckDB file"):
        check_whole(other)
