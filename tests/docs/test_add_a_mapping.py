"""The guide to adding a mapping, followed to the letter in a copy of the repository."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.guide import blocks, copy_repository, follow
from warehouse.build.run import BuildSummary

TRANSFORM = """
from pathlib import Path
import duckdb
from ml import create_tables
from warehouse.build.load import load_sources
from warehouse.paths import DEFAULT_OUTPUT, SOURCES_DIR
from warehouse.sources.read import read_sources
from warehouse.build.transform import run_dbt
with duckdb.connect(str(DEFAULT_OUTPUT)) as connection:
    load_sources(connection, read_sources(SOURCES_DIR))
create_tables(DEFAULT_OUTPUT)
models = [word for kind in ("test", "unit_test") for word in ("--exclude-resource-type", kind)]
marts = ("--select", "+dim_projects", "+dim_companies", "+dim_deposit_types")
run_dbt(DEFAULT_OUTPUT, Path("build"), (*marts, *models))
"""


@pytest.mark.slow("an unmapped text stops the build in the guide's words, and a mapping lets it pass")
def test_a_mapping_added_by_the_guide_is_used(built: BuildSummary, tmp_path: Path) -> None:
    root = tmp_path / "ree"
    # Of dbt, as far as what is read before a build stops.
    copy_repository(root, built.output, ("--select", "+unmapped_values", "--indirect-selection", "cautious"))
    steps = blocks("add-a-mapping.md")
    last_build = max(position for position, step in enumerate(steps) if "ree build" in step.text)

    follow(steps[:last_build], root)
    # An unmapped text stops the build of a sealed table, and the published file stays.
    assert (root / "build" / "ree.duckdb").read_bytes() == built.output.read_bytes()
    # In place of the last build, which trains the ensemble again: as far as the mapping reaches.
    (root / "build" / "ree.duckdb").unlink()
    done = subprocess.run(
        [sys.executable, "-c", TRANSFORM],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    follow(steps[last_build + 1 :], root)
