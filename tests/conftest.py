"""One real build, shared by every test that asks the published file."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import pytest

from ml import Settings
from warehouse.build.run import BuildRequest, BuildSummary, build
from warehouse.paths import PROJECT_ROOT

# The published tables are not part of the project; where they lie beside it, more can be tested.
PUBLISHED_DIR = PROJECT_ROOT.parent / "shared" / "data" / "liu_2023"
# For builds that must train but whose predictions nobody looks at.
QUICK = Settings(members=8, grouped_repeats=1, random_repeats=1, trees=20, bootstrap_draws=10)
SMALL = Settings(members=12, grouped_repeats=2, random_repeats=1, trees=30, bootstrap_draws=50)


class SilentReporter:
    """Takes a build's progress and says nothing."""

    def plan(self, steps: list[str], last_seconds: dict[str, float]) -> None: ...

    def start(self, step: str) -> None: ...

    def note(self, text: str) -> None: ...

    def finish(self, step: str, outcome: str, seconds: float) -> None: ...


@pytest.fixture(scope="session")
def published_dir() -> Path:
    folder = Path(os.environ.get("REE_PUBLISHED_DIR", PUBLISHED_DIR))
    if not (folder / "mining_projects.csv").is_file():
        pytest.skip(f"the tables as published are not at {folder.name}; set REE_PUBLISHED_DIR to test them")
    return folder


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> BuildSummary:
    output = tmp_path_factory.mktemp("built") / "ree.duckdb"
    return build(BuildRequest(output=output, settings=SMALL), SilentReporter())


@pytest.fixture
def warehouse(built: BuildSummary) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(str(built.output), read_only=True)
    yield connection
    connection.close()
