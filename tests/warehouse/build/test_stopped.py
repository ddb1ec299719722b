"""A build that is killed, interrupted or meets another one leaves the published file, and no litter."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.terminal import ree
from warehouse.errors import ReeError
from warehouse.interrupts import heeding, shielded
from warehouse.publish import LOCK_NAME, sole_build, work_folder, write_digest

STAND_IN = """
import multiprocessing, os, signal, sys, time, types
# Where the tests run in the background of a shell, Ctrl-C is ignored and so inherited.
signal.signal(signal.SIGINT, signal.default_int_handler)
from warehouse.publish import sole_build, work_folder

def build(request, reporter):
    with sole_build(request.output), work_folder(request.output) as folder:
        (folder / "ree.duckdb").write_bytes(b"half")
        lock = multiprocessing.get_context("spawn").Lock()  # as dbt's
        reporter.start("Model ensemble")
        os.write(1, b"ready\\n")  # rich takes over print
        try:
            time.sleep(60)
        except BaseException:
            pass  # as libraries do
        time.sleep(60)

sys.modules["warehouse.build.run"] = types.SimpleNamespace(build=build)
sys.argv = ["ree", "build", "--force", "--output", sys.argv[1], *sys.argv[2:]]
from warehouse.cli.app import main
main()
"""
"""``ree build`` with steps that only wait."""


@pytest.fixture
def output(tmp_path: Path) -> Path:
    file = tmp_path / "out" / "ree.duckdb"
    file.parent.mkdir()
    file.write_bytes(b"last good")
    # As of a file that was published, which a build may replace.
    write_digest(file, "0" * 64)
    return file


@contextmanager
def building(output: Path, *words: str, stderr: int = subprocess.PIPE) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", STAND_IN, str(output), *words],
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def names(folder: Path) -> list[str]:
    """What is in a folder beside digests."""
    return sorted(file.name for file in folder.iterdir() if file.suffix != ".sha256")


def test_a_second_build_says_who_is_at_it_and_since_when(output: Path) -> None:
    with building(output) as process:
        done = ree("build", "--force", "--output", str(output))

        assert done.returncode == 1
        assert re.fullmatch(
            rf"✗ \S+: a build is under way here \(process {process.pid} since "
            r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\); wait until it is done, or end it\.\n",
            done.stderr,
        )
        assert len(names(output.parent)) == 3


def test_what_a_killed_build_left_is_removed_by_the_next_one(output: Path) -> None:
    with building(output) as process:
        process.kill()
        process.wait()
    assert len(names(output.parent)) == 3

    # An export beside it is alive.
    with work_folder(output) as alive:
        (alive / "table.csv").touch()
        with sole_build(output):
            assert names(output.parent) == sorted([alive.name, LOCK_NAME, "ree.duckdb"])

    assert names(output.parent) == ["ree.duckdb"]
    assert output.read_bytes() == b"last good"


@pytest.mark.parametrize(
    ("number", "name", "code"), [(signal.SIGINT, "Ctrl-C", 130), (signal.SIGTERM, "SIGTERM", 143)]
)
def test_a_stopped_build_is_one_line_and_leaves_nothing(
    output: Path, number: int, name: str, code: int
) -> None:
    with building(output) as process:
        process.send_signal(number)
        said = process.communicate(timeout=20)[1]
    with building(output, "--json") as process:
        process.send_signal(number)
        as_json = process.communicate(timeout=20)[1]

    assert process.returncode == code
    assert said == f"✗ stopped by {name}; what was not finished is removed, and published files are whole.\n"
    assert json.loads(as_json)["error"]["message"].startswith(f"stopped by {name}")
    assert names(output.parent) == ["ree.duckdb"]
    assert output.read_bytes() == b"last good"


def test_a_terminal_gets_its_cursor_back(output: Path) -> None:
    own, other = pty.openpty()
    with building(output, stderr=other) as process:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 143
    os.close(other)
    written = os.read(own, 65536).decode()
    os.close(own)

    hidden, shown = written.rindex("\x1b[?25l"), written.rindex("\x1b[?25h")
    assert hidden < shown
    assert written[shown:].count("\n") == 1


def test_a_signal_waits_until_what_changes_together_is_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []
    monkeypatch.setattr(os, "_exit", seen.append)
    before = signal.getsignal(signal.SIGTERM)
    with heeding(seen.append):
        with shielded():
            os.kill(os.getpid(), signal.SIGTERM)
            assert seen == []
        assert seen == ["SIGTERM", 143]

    assert signal.getsignal(signal.SIGTERM) == before


def test_one_lock_is_held_once_and_a_folder_that_cannot_be_written_is_told(
    output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sole_build(output):
        with pytest.raises(ReeError, match=rf"process {os.getpid()} since"), sole_build(output):
            pass
        (output.parent / LOCK_NAME).write_text("")
        with pytest.raises(ReeError, match="by another process"), sole_build(output):
            pass
    with sole_build(output):
        pass
    with pytest.raises(ReeError, match="cannot be written"), sole_build(output / "below" / "ree.duckdb"):
        pass
