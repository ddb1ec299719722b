"""The shared published file, and the order in which tests run beside its making."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.shared_build import SharedBuild
from warehouse.build.run import BuildSummary
from warehouse.file.query import connect
from warehouse.paths import PROJECT_ROOT

# The published tables are not part of the project; where they lie beside it, more can be tested.
PUBLISHED_DIR = PROJECT_ROOT.parent / "shared" / "data" / "liu_2023"

TESTS = Path(__file__).parent
LONGEST = (
    "docs/test_add_a_source.py",
    "dbt/test_normalisation.py",
    "docs/test_add_a_mapping.py",
    "ml/test_pipeline.py",
    "ml/studies/test_study.py",
    "warehouse/build/test_build.py",
    "warehouse/build/test_transform.py",
    "dbt/test_account.py",
)
"""Files that take half a minute or more, the longest first."""

_SHARED = pytest.StashKey[SharedBuild]()


def pytest_collection_modifyitems(session: pytest.Session, items: list[pytest.Item]) -> None:
    """Long files first, so that no worker has one left when the others are done.

    Before them come those that do not wait for the shared file, while it is made. Workers take whole files,
    in this order.
    """
    waiting = {item.path for item in items if _waits(item)}
    if waiting:
        session.config.stash[_SHARED] = SharedBuild.of_this_code()
        if session.config.stash[_SHARED].is_made:
            waiting = set()
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    longest = {TESTS / name: rank for rank, name in enumerate(LONGEST)}

    def order(item: pytest.Item) -> tuple[bool, int, bool]:
        return item.path in waiting, longest.get(item.path, len(longest)), item.path not in slow

    items.sort(key=order)


def _waits(item: pytest.Item) -> bool:
    return "built" in getattr(item, "fixturenames", ())


def pytest_collection_finish(session: pytest.Session) -> None:
    """Have the shared file made while the first tests run, if any test asks for it."""
    asked = any(_waits(item) for item in session.items)
    if asked and not session.config.getoption("collectonly"):
        session.config.stash[_SHARED].start()


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    # A worker that is done first must not end what another one waits for.
    if _SHARED in session.config.stash and exitstatus == pytest.ExitCode.INTERRUPTED:
        session.config.stash[_SHARED].stop()


@pytest.fixture(scope="session")
def published_dir() -> Path:
    folder = Path(os.environ.get("REE_PUBLISHED_DIR", PUBLISHED_DIR))
    if not (folder / "mining_projects.csv").is_file():
        pytest.skip(f"the tables as published are not at {folder.name}; set REE_PUBLISHED_DIR to test them")
    return folder


@pytest.fixture(scope="session")
def built(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> BuildSummary:
    """The shared file: ``output`` is a copy of it for this worker alone."""
    return pytestconfig.stash[_SHARED].take(tmp_path_factory.mktemp("built"))


@pytest.fixture
def warehouse(built: BuildSummary) -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(built.output) as connection:
        yield connection


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let every report say what a slow test protects, so that the summary can."""
    for mark in item.iter_markers("slow"):
        item.user_properties.append(("protects", mark.args[0]))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how long the slow tests took, by what they protect."""
    seconds: dict[str, float] = {}
    tests: dict[str, set[str]] = {}
    for report in (
        report for outcome in ("passed", "failed", "") for report in terminalreporter.getreports(outcome)
    ):
        for name, protects in getattr(report, "user_properties", ()):
            if name == "protects":
                seconds[protects] = seconds.get(protects, 0.0) + report.duration
                tests.setdefault(protects, set()).add(report.nodeid)
    if seconds:
        terminalreporter.section("slow tests and what they protect")
    for protects, took in sorted(seconds.items(), key=lambda row: -row[1]):
        names = tests[protects]
        what = (
            min(names).split("::")[-1] if len(names) == 1 else f"{len(names)} of {min(names).split('::')[0]}"
        )
        terminalreporter.write_line(f"{took:6.1f} s  {what}: {protects}")
