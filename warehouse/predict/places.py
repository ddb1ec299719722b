"""Where a text says that a site is: countries and first-level divisions named in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pycountry

from warehouse.file.likeness import plain


@dataclass(frozen=True)
class Place:
    """Countries (ISO 3166 alpha-3) and divisions (plain names) that a text names; either may be empty."""

    countries: frozenset[str] = frozenset()
    divisions: frozenset[str] = frozenset()

    def contradicts(self, other: Place) -> bool:
        """Whether both name countries, or divisions of a country they share, and have none in common."""
        if self.countries and other.countries and not self.countries & other.countries:
            return True
        return bool(self.divisions and other.divisions and not self.divisions & other.divisions)

    def shares_division(self, other: Place) -> bool:
        """Whether both name one division."""
        return bool(self.divisions & other.divisions)

    def shares_country(self, other: Place) -> bool:
        """Whether both name one country."""
        return bool(self.countries & other.countries)


NOWHERE = Place()
"""What a text that names no place names."""


def place_of(iso3: str | None, division: str | None) -> Place:
    """Return the place of a known country (alpha-3) and division; either may be unknown."""
    return Place(frozenset({iso3} if iso3 else ()), frozenset({plain(division)} if division and iso3 else ()))


class Gazetteer:
    """Names of countries and divisions, found in running text: the longest first, no word used again."""

    def __init__(self, countries: Iterable[tuple[str, str]], divisions: Iterable[tuple[str, str]]) -> None:
        """Take (name, alpha-3) of countries and (name, alpha-3 of its country) of divisions."""
        self._countries: dict[tuple[str, ...], set[str]] = {}
        for country in pycountry.countries:
            for name in (
                country.name,
                getattr(country, "common_name", ""),
                getattr(country, "official_name", ""),
            ):
                self._add_country(name, country.alpha_3)
            self._add_country(country.alpha_3, country.alpha_3)
        for name, iso3 in countries:
            self._add_country(name, iso3)
        self._divisions: dict[tuple[str, ...], set[str]] = {}
        for name, iso3 in divisions:
            self._divisions.setdefault(tuple(plain(name).split()), set()).add(iso3)
        self._longest = max(map(len, (*self._countries, *self._divisions)), default=0)

    def _add_country(self, name: str, iso3: str) -> None:
        if words := tuple(plain(name).split()):
            self._countries.setdefault(words, set()).add(iso3)

    def find(self, text: str) -> Place:
        """Return what ``text`` names."""
        words = plain(text).split()
        countries: set[str] = set()
        divisions: dict[str, set[str]] = {}
        start = 0
        while start < len(words):
            for length in range(min(self._longest, len(words) - start), 0, -1):
                part = tuple(words[start : start + length])
                if part in self._countries or part in self._divisions:
                    countries |= self._countries.get(part, set())
                    if part in self._divisions:
                        divisions[" ".join(part)] = self._divisions[part]
                    start += length
                    break
            else:
                start += 1
        return _settled(countries, divisions)


def _settled(countries: set[str], divisions: dict[str, set[str]]) -> Place:
    """Keep the divisions of the countries named; where no country is named, theirs are."""
    fitting = {name for name, of in divisions.items() if not countries or of & countries}
    if not countries or (countries and not fitting):
        countries = countries | {iso3 for name in fitting for iso3 in divisions[name]}
    return Place(frozenset(countries), frozenset(fitting))
