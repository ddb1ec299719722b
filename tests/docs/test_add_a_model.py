"""The guide to adding a model, followed to the letter in a copy of the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.guide import blocks, copy_repository, follow


@pytest.mark.slow("a model is added by the guide alone, and its own tests pass")
def test_a_model_added_by_the_guide_plays_in_the_league(tmp_path: Path) -> None:
    root = tmp_path / "ree"
    copy_repository(root)
    steps = blocks("add-a-model.md")

    # The build that trains everything again is that of every other test.
    follow([step for step in steps if "ree build" not in step.text], root)

    assert any("ree build" in step.text for step in steps)
