"""Which site of the warehouse a user means: by name, parts of a name, alias, or holder and place.

Levels are tried in the order of `MatchMethod`. A match is used only where it is the only one at its level and
the place the user gives does not contradict it; what is doubtful is a candidate, listed and never used.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from warehouse.file.likeness import HINT_SCORE, likeness, plain
from warehouse.predict.places import NOWHERE, Place

CANDIDATE_SCORE = 80.0
"""Likeness from which a name that fits at no level is worth listing."""

CANDIDATES = 3
"""How many candidates are listed for a site at most."""

_PARTS = re.compile(r"[()\[\]/:;,]|\s[-–—]\s")


class MatchMethod(StrEnum):
    """How a site was found, the surest first."""

    name = "name"  # the whole name, as a source of the warehouse writes it
    alias = "alias"  # a reviewed former, local or other name
    name_words = (
        "name_words"  # the same words in another order, with other brackets, abbreviations, common words
    )
    name_part = "name_part"  # one part of a name, where country, division or holder agree
    holder_and_location = "holder_and_location"  # the holder and the location as published
    holder_and_division = "holder_and_division"  # the holder, the division, and a name that is like
    holder_and_country = "holder_and_country"  # the holder, the country, and a name that is like


@dataclass(frozen=True)
class KnownName:
    """A name of a site; ``kind`` as in `marts.dim_site_names`."""

    site_id: str
    text: str
    kind: str


@dataclass(frozen=True)
class Holding:
    """A project's site, with its holder and location as published, and where that is."""

    site_id: str
    holder: str
    location: str
    place: Place


@dataclass(frozen=True)
class Candidate:
    """A site that may be meant, and why it was not used."""

    site_id: str
    name: str
    score: float
    reason: str


@dataclass(frozen=True)
class Match:
    """What came of looking for a site; ``site_id`` is None where none was used.

    Attributes:
        site_id: The site.
        method: How it was found.
        score: Likeness, from 0 to 100, of the name written and the name found, common words apart.
        candidates: Sites that may be meant, where none was used.
    """

    site_id: str | None = None
    method: MatchMethod | None = None
    score: float | None = None
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True)
class Asked:
    """A site as a user writes it; ``place`` is what its location names."""

    name: str
    company: str = ""
    location: str = ""
    place: Place = NOWHERE


@dataclass
class Words:
    """Words that are read as others or left out, as in `marts.dim_name_words`."""

    read_as: dict[str, str] = field(default_factory=dict)
    common: frozenset[str] = frozenset()
    legal: frozenset[str] = frozenset()

    def of_site(self, text: str) -> str:
        """Return the words that say which site is meant, sorted, so that neither order nor brackets count."""
        words = [
            self.read_as.get(word, word) for word in plain(text.replace("'s", "s").replace("’s", "s")).split()
        ]
        return " ".join(sorted(word for word in words if word not in self.common) or sorted(words))

    def of_company(self, text: str) -> str:
        """Return the words of a company's name without its legal form."""
        words = plain(text.replace("A/S", "AS").replace(".", "")).split()
        return " ".join(word for word in words if word not in self.legal) or " ".join(words)


class SiteDirectory:
    """Every site with its names, holders and places, and how to find one."""

    def __init__(self, names: Iterable[KnownName], holdings: Iterable[Holding], words: Words) -> None:
        """Index ``names`` and ``holdings`` by what each level compares."""
        self._words = words
        self._names = list(names)
        self._all_words = [words.of_site(known.text) for known in self._names]
        self._words_of_site: dict[str, list[str]] = defaultdict(list)
        self._by_name: dict[MatchMethod, dict[str, set[str]]] = {
            method: defaultdict(set) for method in MatchMethod
        }
        for known, written in zip(self._names, self._all_words, strict=True):
            self._index(known, written)
        self._holders: dict[str, set[str]] = defaultdict(set)
        self._places: dict[str, Place] = {}
        self._held_by: dict[str, list[Holding]] = defaultdict(list)
        self._locations: dict[str, set[str]] = defaultdict(set)
        for holding in holdings:
            self._locations[holding.site_id].add(plain(holding.location))
            if holder := words.of_company(holding.holder):
                self._held_by[holder].append(holding)
            self._holders[holding.site_id].add(words.of_company(holding.holder))
            known_place = self._places.get(holding.site_id, NOWHERE)
            self._places[holding.site_id] = Place(
                known_place.countries | holding.place.countries,
                known_place.divisions | holding.place.divisions,
            )

    def _index(self, known: KnownName, words: str) -> None:
        level = MatchMethod.alias if known.kind == "alias" else MatchMethod.name
        self._by_name[level][plain(known.text)].add(known.site_id)
        self._words_of_site[known.site_id].append(words)
        self._by_name[MatchMethod.name_words][words].add(known.site_id)
        parts = [part for part in _PARTS.split(known.text) if part and part.strip()]
        for part in parts if len(parts) > 1 else ():
            self._by_name[MatchMethod.name_part][self._words.of_site(part)].add(known.site_id)

    def find(self, asked: Asked) -> Match:
        """Return the site meant, or none with its candidates."""
        doubtful: dict[str, str] = {}
        for method in MatchMethod:
            fitting = set()
            for site_id in self._at_level(method, asked):
                if self._is_elsewhere(site_id, asked):
                    doubtful.setdefault(site_id, "another place")
                elif method is MatchMethod.name_part and not self._agrees(site_id, asked):
                    doubtful.setdefault(site_id, "one part of its name, and no place or holder that agrees")
                else:
                    fitting.add(site_id)
            if len(fitting) > 1:
                narrowed = {site_id for site_id in fitting if self._is_holder(site_id, asked)}
                if len(narrowed) != 1:
                    doubtful.update(dict.fromkeys(fitting - doubtful.keys(), "one of several"))
                    break
                fitting = narrowed
            if fitting:
                site_id = fitting.pop()
                return Match(site_id, method, self._score(site_id, asked.name))
        return Match(candidates=self._candidates(asked, doubtful))

    def _at_level(self, method: MatchMethod, asked: Asked) -> set[str]:
        if method in (MatchMethod.name, MatchMethod.alias):
            return self._by_name[method].get(plain(asked.name), set())
        if method in (MatchMethod.name_words, MatchMethod.name_part):
            return self._by_name[method].get(self._words.of_site(asked.name), set())
        return self._held(method, asked)

    def _held(self, method: MatchMethod, asked: Asked) -> set[str]:
        """Return the sites of the holder in the place; below the published location a name must be like."""
        holder = self._words.of_company(asked.company)
        if not holder:
            return set()
        own = self._held_by.get(holder, [])
        if method is MatchMethod.holder_and_location:
            location = plain(asked.location)
            return {h.site_id for h in own if location and plain(h.location) == location}
        shared = Place.shares_division if method is MatchMethod.holder_and_division else Place.shares_country
        found = {h.site_id for h in own if shared(h.place, asked.place)}
        return found if all(self._score(site_id, asked.name) >= HINT_SCORE for site_id in found) else set()

    def _is_elsewhere(self, site_id: str, asked: Asked) -> bool:
        """Whether the place asked for contradicts the site's; a location as published never does."""
        location = plain(asked.location)
        if location and location in self._locations.get(site_id, set()):
            return False
        return self._place(site_id).contradicts(asked.place)

    def _place(self, site_id: str) -> Place:
        return self._places.get(site_id, NOWHERE)

    def _is_holder(self, site_id: str, asked: Asked) -> bool:
        return bool(asked.company) and self._words.of_company(asked.company) in self._holders.get(
            site_id, set()
        )

    def _agrees(self, site_id: str, asked: Asked) -> bool:
        place = self._place(site_id)
        return place.shares_country(asked.place) or self._is_holder(site_id, asked)

    def _score(self, site_id: str, name: str) -> float:
        """Return how like the name is to the most like one of a site."""
        written = self._words.of_site(name)
        return max(likeness(written, known) for known in self._words_of_site[site_id])

    def _candidates(self, asked: Asked, doubtful: dict[str, str]) -> tuple[Candidate, ...]:
        written = self._words.of_site(asked.name)
        best: dict[str, tuple[float, str]] = {}
        for known, words in zip(self._names, self._all_words, strict=True):
            score = likeness(written, words)
            if score >= CANDIDATE_SCORE or known.site_id in doubtful:
                best[known.site_id] = max(best.get(known.site_id, (0.0, "")), (score, known.text))
        found = [
            Candidate(site_id, text, score, doubtful.get(site_id, self._why(site_id, asked)))
            for site_id, (score, text) in best.items()
        ]
        found.sort(
            key=lambda candidate: (candidate.site_id not in doubtful, -candidate.score, candidate.name)
        )
        return tuple(found[:CANDIDATES])

    def _why(self, site_id: str, asked: Asked) -> str:
        is_elsewhere = self._is_elsewhere(site_id, asked)
        return "a name that is like, in another place" if is_elsewhere else "a name that is like"
