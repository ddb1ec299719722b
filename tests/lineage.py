"""Reading the lineage out of the site that shows it."""

from __future__ import annotations

import json


def parent_map(html: str) -> dict[str, list[str]]:
    """Return the direct parents of every node that the lineage site holds."""
    start = html.index('"parent_map"') + len('"parent_map"')
    start = html.index("{", start)
    parents: dict[str, list[str]] = json.JSONDecoder().raw_decode(html[start:])[0]
    return parents


def ancestors_of(parents: dict[str, list[str]], node: str) -> set[str]:
    """Return every node that ``node`` is made from, however many steps away."""
    found: set[str] = set()
    queue = [node]
    while queue:
        for parent in parents[queue.pop()]:
            if parent not in found:
                found.add(parent)
                queue.append(parent)
    return found
