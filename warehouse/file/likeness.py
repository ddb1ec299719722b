"""Likeness of spellings: how a name that nobody knows is set beside those that are known."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
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


def likeness(one: str, other: str) -> float:
    """Return how like two texts are, from 0 to 100, letter by letter; 100 means that they are the same."""
    return fuzz.ratio(one, other)


def hints(text: str, known: Iterable[str], says: Callable[[str], str] = str) -> list[str]:
    """Return the known names that come near ``text``, the nearest first.

    Args:
        text: What was written.
        known: Names.
        says: What of a name is compared; the name itself by default.
    """
    return [match.text for match in _ranked(text, known, says, HINTS, HINT_SCORE)]


def candidates(text: str, known: Iterable[str]) -> list[Match]:
    """Return the known texts most like ``text``, however little, the nearest first."""
    return _ranked(text, known, str, CANDIDATES, 0.0)


def _ranked(
    text: str, known: Iterable[str], says: Callable[[str], str], limit: int, at_least: float
) -> list[Match]:
    names = list(known)
    found = process.extract(
        text,
        [says(n) for n in names],
        scorer=fuzz.WRatio,
        processor=plain,
        limit=limit,
        score_cutoff=at_least,
    )
    return [Match(names[place], score) for _, score, place in found]
