"""How many sites `ree predict` finds when their names are written as people write them.

Every project is written in five other ways by rule and looked up, by the name alone and with its holder and
location. Beside it: names of other deposits that sound alike, which must not be found.

Run: python benchmarks/site_names.py [FILE]
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.paths import DEFAULT_OUTPUT
from warehouse.predict.names import Names, read_names
from warehouse.predict.sites import Asked, Match

PARTS = re.compile(r"^(?P<first>[^(/]+?)\s*(?:\((?P<bracket>[^)]+)\)|/(?P<slash>.+))$")

NAMESAKES = (
    ("Mount Weld", "Ontario, Canada"),
    ("Cascade", "Montana, USA"),
    ("Comet", "Queensland, Australia"),
    ("Rand", "Gauteng, South Africa"),
    ("Deer Creek", "Wyoming, USA"),
    ("Georgia", "Tbilisi, Georgia"),
    ("Songwe Scarp", "Tanzania"),
    ("WIM 150", "Victoria, Australia"),
    ("Catalão III", "Goiás, Brazil"),
    ("Mount Wells", "Northern Territory, Australia"),
    ("Fen Creek", "Alaska, USA"),
    ("Elk Creek", "British Columbia, Canada"),
    ("McArthur River", "Saskatchewan, Canada"),
    ("Brockman No. 4", "Western Australia, Australia"),
    ("Round Top", "Idaho, USA"),
    ("Foxtrot", "Nevada, USA"),
    ("La Paz", "Bolivia"),
    ("Nolan Creek", "Alaska, USA"),
    ("Bahia", "Honduras"),
)
"""Names like those of sites with projects, each of another place; some are sites of their own."""


def brackets_exchanged(name: str) -> str:
    """Write "Camp (Zone)" as "Zone (Camp)" and "A/B" as "B / A"; of one part "A (Project)"."""
    if found := PARTS.match(name):
        second = found["bracket"] or found["slash"]
        return f"{second} ({found['first']})" if found["bracket"] else f"{second} / {found['first']}"
    return f"{name} (Project)"


def plain_capitals(name: str) -> str:
    """Write without accents, in capitals, with two blanks for one."""
    bare = unicodedata.normalize("NFKD", name)
    return "".join(c for c in bare if not unicodedata.combining(c)).upper().replace(" ", "  ")


def with_common_words(name: str) -> str:
    """Add what such sites are called besides."""
    return f"The {name} Rare Earth Deposit"


def mount_shortened(name: str) -> str:
    """Exchange Mount and Mt, and, and other short forms."""
    exchanged = {"Mount": "Mt.", "Mt": "Mount", "Mountain": "Mtn", "Lake": "Lk", "and": "&", "&": "and"}
    return " ".join(exchanged.get(word, word) for word in name.split()).replace("'s", "s")


def with_commas(name: str) -> str:
    """Write brackets and slashes as commas."""
    return re.sub(r"\s*[(/]\s*", ", ", name).replace(")", "")


WAYS: tuple[Callable[[str], str], ...] = (
    brackets_exchanged,
    plain_capitals,
    with_common_words,
    mount_shortened,
    with_commas,
)


def find(names: Names, name: str, company: str = "", location: str = "") -> Match:
    """Look a name up as `ree predict` does."""
    return names.sites.find(Asked(name, company, location, names.gazetteer.find(location)))


@dataclass(frozen=True)
class Lookup:
    """A name as written, the site it is of, and the site found, None if none was."""

    way: str
    is_placed: bool
    written: str
    site_id: str
    found: str | None

    @property
    def outcome(self) -> str:
        """Return found, wrong or not found."""
        if self.found is None:
            return "not found"
        return "found" if self.found == self.site_id else "wrong"


def look_all_up(connection: duckdb.DuckDBPyConnection, names: Names) -> list[Lookup]:
    """Look up every project in every way of writing, by its name alone and with holder and location."""
    projects = connection.execute(
        """
        select project_name, site_id, coalesce(company_name, ''), coalesce(location_as_published, '')
        from marts.dim_projects
        left join marts.dim_companies using (company_id)
        left join marts.dim_locations using (location_id)
        order by project_number
        """
    ).fetchall()
    lookups = []
    for way in WAYS:
        for name, site_id, company, location in projects:
            written, holder = way(name), f"{company} Pty Ltd" if company else ""
            alone, placed = find(names, written), find(names, written, holder, location)
            lookups.append(Lookup(way.__name__, False, written, site_id, alone.site_id))
            lookups.append(Lookup(way.__name__, True, written, site_id, placed.site_id))
    return lookups


def main(file: Path) -> None:
    """Print how many are found, by way of writing, and which are not."""
    with duckdb.connect(str(file), read_only=True) as connection:
        names = read_names(connection)
        lookups = look_all_up(connection, names)
    print(f"{len(lookups) // len(WAYS) // 2} projects, each written in {len(WAYS)} other ways")
    counts = Counter((one.is_placed, one.way, one.outcome) for one in lookups)
    for is_placed, beside in ((False, "name alone"), (True, "with holder and location")):
        for way in WAYS:
            found = [counts[is_placed, way.__name__, kind] for kind in ("found", "wrong", "not found")]
            print(f"{way.__name__:20} {beside:25} found {found[0]}, wrong {found[1]}, not found {found[2]}")
    for one in lookups:
        if one.outcome != "found":
            print(f"{one.outcome}: {one.written!r} of {one.site_id} {one.found or ''}")
    for name, location in NAMESAKES:
        match = find(names, name, location=location)
        print(f"namesake {name}, {location}: {match.site_id or 'not found'}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_OUTPUT)
