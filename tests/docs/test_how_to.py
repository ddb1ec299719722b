"""Every guide is followed by a test of its own, and what it links to is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.guide import GUIDES


def test_there_is_a_test_for_every_guide() -> None:
    tests = "".join(file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("test_add_*.py"))
    followed = re.findall(r'blocks\("([^"]+)"\)', tests)

    assert sorted(followed) == sorted(guide.name for guide in GUIDES.glob("*.md"))


@pytest.mark.parametrize("guide", sorted(GUIDES.glob("*.md")), ids=lambda guide: guide.name)
def test_what_a_guide_links_to_is_there(guide: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", guide.read_text(encoding="utf-8"))

    assert all(link.startswith("https://") or (guide.parent / link).is_file() for link in links)
