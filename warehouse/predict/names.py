"""What the published file calls things: deposit types, minerals, sites, holders, places."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from warehouse.file.likeness import plain
from warehouse.predict.places import Gazetteer, place_of
from warehouse.predict.sites import Holding, KnownName, SiteDirectory, Words


@dataclass(frozen=True)
class Host:
    """A principal host mineral, its group, and what a label rests on: given, stated or inferred."""

    mineral: str
    group: str
    basis: str


@dataclass(frozen=True)
class Bounds:
    """What grades and resources of a family are; from the seed figure_bounds."""

    low: float
    high: float


@dataclass(frozen=True)
class Names:
    """Everything that a cell may name, by normalised spelling.

    Attributes:
        deposit_types: Family, None where unknown, and whether tailings.
        spellings: Readable spelling of each deposit type.
        uncovered: Kinds of deposit that no type covers.
        minerals: Mineral and its group.
        sites: Directory of sites.
        hosts: Host of each site whose projects agree on one.
        bounds: By family and kind of figure.
        gazetteer: Countries and divisions.
    """

    deposit_types: dict[str, tuple[str | None, bool]]
    spellings: dict[str, str]
    uncovered: frozenset[str]
    minerals: dict[str, tuple[str, str]]
    sites: SiteDirectory
    hosts: dict[str, Host]
    bounds: dict[tuple[str, str], Bounds]
    gazetteer: Gazetteer


def read_names(connection: duckdb.DuckDBPyConnection) -> Names:
    """Read all names of a published file."""
    types, spellings, uncovered = _read_types(connection)
    return Names(
        types,
        spellings,
        uncovered,
        _read_minerals(connection),
        _read_sites(connection),
        _read_hosts(connection),
        {
            (family, kind): Bounds(low, high)
            for family, kind, low, high in connection.execute(
                "select deposit_family, figure_kind, bound_low, bound_high from staging.figure_bounds"
            ).fetchall()
        },
        _read_gazetteer(connection),
    )


def _read_types(
    connection: duckdb.DuckDBPyConnection,
) -> tuple[dict[str, tuple[str | None, bool]], dict[str, str], frozenset[str]]:
    """Read every name of every deposit type, and the names of kinds that none covers."""
    types: dict[str, tuple[str | None, bool]] = {}
    spellings: dict[str, str] = {}
    uncovered: set[str] = set()
    for spelling, is_covered, family, is_tailings in connection.execute(
        """
        select
            names.deposit_type_name,
            names.deposit_type_id is not null,
            types.deposit_family,
            types.is_tailings
        from marts.dim_deposit_type_names as names
        left join marts.dim_deposit_types as types using (deposit_type_id)
        order by 1
        """
    ).fetchall():
        if not is_covered:
            uncovered.add(plain(spelling))
        else:
            types.setdefault(plain(spelling), (family, bool(is_tailings)))
            spellings.setdefault(plain(spelling), spelling)
    return types, spellings, frozenset(uncovered)


def _read_minerals(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, str]]:
    """Read every name of every mineral; a plain name wins over a spelling of another mineral."""
    rows = connection.execute(
        "select mineral, mineral_group, ima_name, spellings from marts.dim_minerals order by mineral"
    ).fetchall()
    known = {plain(mineral): (mineral, group) for mineral, group, _, _ in rows}
    for mineral, group, ima_name, spellings in rows:
        for spelling in (ima_name or "", *(spellings or "").split(";")):
            known.setdefault(plain(spelling), (mineral, group))
    known.pop("", None)
    return known


def _read_gazetteer(connection: duckdb.DuckDBPyConnection) -> Gazetteer:
    """Read countries, what the published locations call them in their last part, and divisions."""
    countries = connection.execute(
        """
        select country_name, country_iso3 from marts.dim_countries
        union
        select trim(string_split(location_as_published, ',')[-1]), min(country_iso3)
        from marts.dim_locations
        where country_iso3 is not null and location_as_published like '%,%'
        group by 1
        having count(distinct country_iso3) = 1 and count(*) > 1
        """
    ).fetchall()
    divisions = connection.execute(
        """
        select distinct admin1_name, country_iso3 from marts.dim_locations
        where admin1_name is not null and country_iso3 is not null
        """
    ).fetchall()
    return Gazetteer(countries, divisions)


def _read_sites(connection: duckdb.DuckDBPyConnection) -> SiteDirectory:
    words = connection.execute("select word, read_as, word_kind from marts.dim_name_words").fetchall()
    names = connection.execute(
        "select site_id, known_name, name_kind from marts.dim_site_names order by all"
    ).fetchall()
    identifiers = {(site_id, site_id, "site") for site_id, _, _ in names}
    holdings = connection.execute(
        """
        select
            projects.site_id,
            coalesce(companies.company_name, ''),
            coalesce(locations.location_as_published, ''),
            locations.country_iso3,
            locations.admin1_name
        from marts.dim_projects as projects
        left join marts.dim_companies as companies using (company_id)
        left join marts.dim_locations as locations using (location_id)
        where projects.site_id is not null
        union all
        select site_id, '', '', country_iso3, null from marts.dim_sites where not is_in_liu2023
        order by all
        """
    ).fetchall()
    return SiteDirectory(
        [KnownName(*row) for row in (*names, *sorted(identifiers))],
        [
            Holding(site_id, holder, location, place_of(iso3, division))
            for site_id, holder, location, iso3, division in holdings
        ],
        Words(
            {word: read_as for word, read_as, kind in words if kind == "abbreviation"},
            frozenset(word for word, _, kind in words if kind == "common_word"),
            frozenset(word for word, _, kind in words if kind == "legal_form"),
        ),
    )


def _read_hosts(connection: duckdb.DuckDBPyConnection) -> dict[str, Host]:
    """Read the principal host of each site on which all its labelled projects agree."""
    return {
        site_id: Host(mineral, group, basis)
        for site_id, mineral, group, basis in connection.execute(
            """
            with principal as (
                select projects.site_id, minerals.mineral, minerals.mineral_group, minerals.confidence
                from marts.fct_project_minerals as minerals
                inner join marts.dim_projects as projects using (project_id)
                where minerals.rank = 1 and projects.site_id is not null
                union all
                select site_id, mineral, mineral_group, confidence from marts.fct_site_minerals
                where rank = 1 and mineral is not null
            )
            select
                site_id,
                min(mineral),
                min(mineral_group),
                -- What rests on less counts: inferred comes before stated.
                min(confidence)
            from principal
            group by site_id
            having count(distinct mineral) = 1
            """
        ).fetchall()
    }
