"""One writer: the old file or the new one, never half; links followed, streams streamed to."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.terminal import ree
from warehouse.errors import ReeError
from warehouse.publish import publish, work_folder
from warehouse.writing import is_stream, move_into_place, opened, refuse_other_than_file, write_text


def test_a_new_file_is_written_whole_and_alone(tmp_path: Path) -> None:
    write_text(tmp_path / "page.md", "tü\r\n")

    assert (tmp_path / "page.md").read_bytes() == "tü\r\n".encode()
    assert [file.name for file in tmp_path.iterdir()] == ["page.md"]


def test_until_the_end_readers_see_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "page.md"
    target.write_text("old")
    reader = target.open()
    with opened(target) as stream:
        stream.write(b"new")
        stream.flush()
        assert target.read_text() == "old"

    assert (target.read_text(), reader.read()) == ("new", "old")
    reader.close()


@pytest.mark.parametrize("failure", [RuntimeError, KeyboardInterrupt])
def test_a_failure_leaves_the_old_file_and_nothing_aside(
    tmp_path: Path, failure: type[BaseException]
) -> None:
    target = tmp_path / "page.md"
    target.write_text("old")
    with pytest.raises(failure):
        write_half(target, failure)

    assert target.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["page.md"]


def write_half(target: Path, failure: type[BaseException]) -> None:
    with opened(target) as stream:
        stream.write(b"half")
        raise failure


def test_a_full_disk_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ReeError, match=r"page.md: the file cannot be written \(disk full\)"):
        write_half(tmp_path / "page.md", FullDiskError)

    assert list(tmp_path.iterdir()) == []


class FullDiskError(OSError):
    strerror = "disk full"


def test_a_file_that_may_not_be_written_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warehouse.writing.os.replace", refuse)
    target = tmp_path / "page.md"
    with pytest.raises(ReeError, match=r"Permission denied.*choose another place"):
        write_text(target, "new")

    assert list(tmp_path.iterdir()) == []


def refuse(*_: object) -> None:
    raise PermissionError(13, "Permission denied")


def test_what_a_link_points_to_is_replaced_and_the_link_stays(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    target, link = tmp_path / "far" / "page.md", tmp_path / "link.md"
    link.symlink_to(target)
    for text in ("made", "replaced"):
        write_text(link, text)
        assert link.is_symlink()
        assert target.read_text() == text

    assert [file.name for file in (tmp_path / "far").iterdir()] == ["page.md"]


def test_permissions_are_those_of_the_file_replaced_or_of_any_new_file(tmp_path: Path) -> None:
    old, new, plain = tmp_path / "old", tmp_path / "new", tmp_path / "plain"
    old.write_text("old")
    old.chmod(0o640)
    plain.write_text("")
    write_text(old, "new")
    write_text(new, "new")

    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    assert new.stat().st_mode == plain.stat().st_mode


@pytest.mark.parametrize("write", [lambda target: write_text(target, "x"), refuse_other_than_file])
def test_a_folder_is_refused_in_one_sentence(tmp_path: Path, write: object) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    for folder in (tmp_path, tmp_path / "link"):
        with pytest.raises(ReeError, match="this is a folder; name a file in it"):
            write(folder)  # type: ignore[operator]


def test_a_missing_folder_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(ReeError, match="the folder to write to is not there"):
        write_text(tmp_path / "none" / "page.md", "x")

    assert list(tmp_path.iterdir()) == []


def test_a_pipe_is_written_to_and_stays(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()), daemon=True)
    reader.start()
    write_text(pipe, "through")
    reader.join(timeout=30)

    assert read == ["through"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    with pytest.raises(ReeError, match="this is a device or pipe"):
        move_into_place(tmp_path / "made", pipe)


def test_a_device_is_not_replaced() -> None:
    # Nothing is written: a writer gone wrong would take the machine's own device away.
    assert is_stream(Path("/dev/null"))
    with pytest.raises(ReeError, match="this is a device or pipe"):
        refuse_other_than_file(Path("/dev/null"))


@pytest.mark.parametrize("name", ["-", "/dev/stdout", "/dev/fd/1"])
def test_the_standard_output_goes_on_from_where_it_is(tmp_path: Path, name: str) -> None:
    code = (
        "import sys; from pathlib import Path; from warehouse.writing import write_text; "
        f"print('first', flush=True); write_text(Path({name!r}), 'second\\n'); print('third')"
    )
    appended = tmp_path / "log"
    appended.write_text("before\n")
    with appended.open("a") as log:
        subprocess.run([sys.executable, "-c", code], stdout=log, check=True)

    assert appended.read_text().split() == ["before", "first", "second", "third"]
    assert [file.name for file in tmp_path.iterdir()] == ["log"]


def test_a_build_to_a_link_replaces_what_it_points_to(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    real, link = tmp_path / "disk" / "ree.duckdb", tmp_path / "ree.duckdb"
    link.symlink_to(real)
    with work_folder(link) as folder:
        assert folder.parent == real.parent
        (folder / "ree.duckdb").write_text("built")
        publish(folder / "ree.duckdb", link)

    assert link.is_symlink()
    assert real.read_text() == "built"


def test_a_build_to_a_folder_or_pipe_is_refused_before_it_begins(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for output, words in ((tmp_path, "this is a folder"), (tmp_path / "pipe", "this is a device or pipe")):
        done = ree("build", "--output", str(output))
        assert done.returncode == 1
        assert words in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1
