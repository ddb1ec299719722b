"""Likeness of spellings: how a name that nobody knows is set beside those that are known."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process

HINT_SCORE = 65.0
"""Likeness from which a name is worth a hint."""

HINTS = 5
"""How many names a hint holds at most."""

CANDIDATES = 10
"""How many candidates a person is offered at most, who sees how like each is."""


@dataclass(frozen=True)
class Match:
    """A known text and how like it is, from 0 to 100."""

    text: str
    score: float


def plain(text: str | None) -> str:
    """Fold case, accents, punctuation and white space, so that spellings of one name meet."""
    # Signs such as ℡ come apart into capitals, and folding puts accents together again.
    folded = unicodedata.normalize("NFKD", text or "").casefold()
    bare = unicodedata.normalize("NFKD", folded)
    letters = "".join(c for c in bare if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in letters).split())


def hints(text: str, known: Iterable[str] | Mapping[str, str]) -> list[str]:
    """Return the known names that come near ``text``, the nearest first.

    Args:
        text: What was written.
        known: Names, or names with what is compared of each.
    """
    return [match.text for match in _ranked(text, known, HINTS, HINT_SCORE)]


def candidates(text: str, known: Iterable[str]) -> list[Match]:
    """Return the known texts most like ``text``, however little, the nearest first."""
    return _ranked(text, known, CANDIDATES, 0.0)


def _ranked(text: str, known: Iterable[str] | Mapping[str, str], limit: int, at_least: float) -> list[Match]:
    compared = known if isinstance(known, Mapping) else {name: name for name in known}
    found = process.extract(
        text, compared, scorer=fuzz.WRatio, processor=plain, limit=limit, score_cutoff=at_least
    )
    return [Match(name, score) for _, score, name in found]
