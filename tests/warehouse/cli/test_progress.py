from __future__ import annotations

import io
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from tests.shared_build import SilentReporter
from warehouse.build.provenance import last_step_seconds, record_build
from warehouse.build.run import BuildRequest, BuildSummary, _Build
from warehouse.cli.progress import ConsoleReporter, tell_seconds

STEPS = ["Load", "Train", "Publish"]
LAST = {"Load": 10.0, "Train": 100.0}


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def reporter_on(terminal: bool, clock: Clock) -> tuple[ConsoleReporter, io.StringIO]:
    written = io.StringIO()
    console = Console(file=written, force_terminal=terminal, width=120, color_system=None)
    return ConsoleReporter(console, clock), written


def drawn(reporter: ConsoleReporter) -> str:
    with reporter.console.capture() as captured:
        reporter.console.print(reporter)
    return captured.get()


def test_the_time_left_counts_down_over_the_steps() -> None:
    clock = Clock()
    reporter, _ = reporter_on(False, clock)
    reporter.plan(STEPS, LAST)

    reporter.start("Load")
    clock.now = 4.0
    assert reporter.seconds_left() == 106.0
    assert "4 s so far, about 1 min 46 s left by the last build" in drawn(reporter)
    reporter.finish("Load", "done", 4.0)
    reporter.start("Train")
    clock.now = 34.0
    assert reporter.seconds_left() == 70.0


def test_no_time_left_is_claimed_without_ground() -> None:
    clock = Clock()
    reporter, _ = reporter_on(False, clock)
    for last in ({}, {"Load": 10.0}):
        reporter.plan(STEPS, last)
        reporter.start("Load")
        assert reporter.seconds_left() is None
        assert "left" not in drawn(reporter)

    reporter.plan(STEPS, LAST)
    clock.now += 11.0
    assert reporter.seconds_left() is None


def test_piped_output_is_one_plain_line_per_step() -> None:
    clock = Clock()
    reporter, written = reporter_on(False, clock)
    reporter.plan(STEPS, LAST)
    reporter.start("Load")
    reporter.note("half")
    reporter.finish("Load", "3 rows", 4.0)

    assert written.getvalue().split() == ["✓", "Load", "3", "rows", "4.0", "s"]


def test_a_terminal_shows_the_time_left_while_it_lasts() -> None:
    reporter, written = reporter_on(True, Clock())
    reporter.plan(STEPS, LAST)
    reporter.start("Load")
    reporter.note("half")
    reporter.stop()

    assert "about 1 min 50 s left" in written.getvalue()


@pytest.mark.parametrize(
    ("seconds", "told"), [(0.4, "0 s"), (59.4, "59 s"), (59.6, "1 min 0 s"), (3725, "1 h 2 min")]
)
def test_durations_are_told_as_people_say_them(seconds: float, told: str) -> None:
    assert tell_seconds(seconds) == told


def test_the_published_file_knows_how_long_each_step_took(built: BuildSummary, tmp_path: Path) -> None:
    known = last_step_seconds(built.output)
    with duckdb.connect(str(built.output), read_only=True) as connection:
        whole = connection.execute("select seconds from meta.builds where is_current").fetchone()

    steps = list(_Build(BuildRequest(output=tmp_path / "ree.duckdb"), tmp_path, SilentReporter()).steps())
    assert [*known, "Publish"] == steps
    assert whole is not None
    assert 0 < min(known.values()) <= sum(known.values()) <= whole[0]


def test_the_last_build_is_the_one_remembered(tmp_path: Path) -> None:
    files = [tmp_path / "first.duckdb", tmp_path / "second.duckdb"]
    for file, previous, seconds in ((files[0], None, 1.0), (files[1], files[0], 2.0)):
        with duckdb.connect(str(file)) as connection:
            record_build(connection, [], frozenset(), previous, 3.0, {"Load": seconds, "Train": seconds * 10})

    assert last_step_seconds(files[1]) == {"Load": 2.0, "Train": 20.0}
    with duckdb.connect(str(files[1]), read_only=True) as connection:
        counted = connection.execute(
            "select count(*), count(distinct build_id) from meta.build_steps"
        ).fetchone()
    assert counted == (4, 2)


def test_a_file_without_step_times_gives_none(tmp_path: Path) -> None:
    file = tmp_path / "old.duckdb"
    duckdb.connect(str(file)).close()

    assert last_step_seconds(file) == {}
    assert last_step_seconds(tmp_path / "none.duckdb") == {}
