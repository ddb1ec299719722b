"""Deposits of other sources: each is one, none is of a project, and a slip in the review is seen."""

from __future__ import annotations

import re
from collections import defaultdict

import duckdb
import pytest
from rapidfuzz import fuzz

from tests.dbt.conftest import Compiled
from tests.dbt.test_points import parts
from warehouse.build.run import BuildSummary

TABLES = (
    "intermediate.int_deposit_records",
    "intermediate.int_deposit_sites",
    "intermediate.int_point_outlines",
    "intermediate.int_unmapped_deposit_texts",
    "marts.dim_projects",
    "marts.dim_sites",
    "staging.deposit_sites",
    "staging.project_sites",
    "staging.record_countries",
    "staging.record_deposit_types",
    "staging.record_point_faults",
    "staging.records_left_out",
    "staging.second_source_matches",
    "staging.site_record_links",
)

DAMAGES = [
    (
        "update ree.marts.dim_sites set projects = 1 where site_id = 'kangankunde'",
        "sites_of_projects_stay_apart",
    ),
    ("delete from ree.marts.dim_sites where site_id = 'mount_weld'", "sites_of_projects_stay_apart"),
    (
        "update ree.staging.deposit_sites set country_iso2 = 'TZ' where site_id = 'kangankunde'",
        "site_countries_are_those_of_records",
    ),
    (
        "update ree.intermediate.int_deposit_sites set country_iso2 = 'TZ' where site_id = 'kangankunde'",
        "sites_lie_in_their_country",
    ),
    (
        "update ree.staging.deposit_sites set coordinate_source = 'usgs_ofr_2009_1139:3' "
        "where site_id = 'kangankunde'",
        "site_points_are_of_their_records",
    ),
    (
        "update ree.staging.site_record_links set point_verdict = 'wrong' "
        "where source_record_key = 'usgs_ofr_2009_1139:36'",
        "site_points_are_of_their_records",
    ),
    (
        "update ree.staging.site_record_links set link_verdict = 'different' "
        "where source_record_key = 'usgs_ofr_2009_1139:36'",
        "sites_have_one_own_record",
    ),
    (
        "insert into ree.staging.records_left_out values ('weng_2015:Kangankunde', 'area', 'no reason')",
        "records_are_of_one_site",
    ),
    (
        "update ree.staging.site_record_links set site_id = 'oka' "
        "where source_record_key = 'weng_2015:Kangankunde'; "
        "insert into ree.staging.site_record_links by name select * replace ('kangankunde' as site_id) "
        "from ree.staging.site_record_links where source_record_key = 'weng_2015:Kangankunde'",
        "records_are_of_one_site",
    ),
]

UNMAPPED = [
    (
        "delete from ree.staging.record_deposit_types where record_deposit_type = 'carb'",
        "deposit type of a record",
    ),
    ("delete from ree.staging.record_countries where record_country = 'Nambia'", "country of a record"),
    ("delete from ree.staging.site_record_links where site_id = 'kangankunde'", "record of a deposit"),
    ("delete from ree.staging.records_left_out where exclusion = 'not_a_deposit'", "record of a deposit"),
]

LIKE_NAMES = 85
"""Likeness of names, from 0 to 100, from which two sites of a country have to be judged."""

CANDIDATES = """
    with placed as (
        select
            site_id,
            country_iso3,
            possible_duplicate_of,
            case when coordinate_precision not in ('admin1', 'country', 'area') then latitude_deg end as lat,
            longitude_deg as lon
        from marts.dim_sites
    )
    select
        a.site_id,
        b.site_id,
        6371 * 2 * asin(sqrt(
            pow(sin(radians(b.lat - a.lat) / 2), 2)
            + cos(radians(a.lat)) * cos(radians(b.lat)) * pow(sin(radians(b.lon - a.lon) / 2), 2)
        )) as km,
        coalesce(a.possible_duplicate_of = b.site_id or b.possible_duplicate_of = a.site_id, false)
            or exists (
                select 1 from staging.sites_apart as apart
                where apart.site_id = a.site_id and apart.other_site_id = b.site_id
            )
    from placed as a
    inner join placed as b on a.country_iso3 = b.country_iso3 and a.site_id < b.site_id
    where not (a.site_id in (select site_id from marts.dim_projects)
        and b.site_id in (select site_id from marts.dim_projects))
"""
NAMES = """
    select site_id, site_name from marts.dim_sites
    union select site_id, project_name from marts.dim_projects
    union
    select site_id, unnest([record_name, other_names])
    from staging.site_record_links inner join intermediate.int_deposit_records using (source_record_key)
    where link_verdict = 'same_deposit'
"""


@pytest.fixture(scope="module")
def copy(built: BuildSummary) -> duckdb.DuckDBPyConnection:
    """What the tests of sites read, without keys and in memory."""
    connection = duckdb.connect()
    connection.execute("attach ':memory:' as ree")
    with duckdb.connect(str(built.output), read_only=True) as file:
        for table in TABLES:
            connection.register("rows", file.execute(f"select * from {table}").to_arrow_table())
            connection.execute(f"create schema if not exists ree.{table.split('.')[0]}")
            connection.execute(f"create table ree.{table} as from rows")
    return connection


@pytest.mark.parametrize(("damage", "name"), DAMAGES)
def test_a_damage_of_the_review_turns_its_test_red(
    copy: duckdb.DuckDBPyConnection, compiled: dict[str, Compiled], damage: str, name: str
) -> None:
    assert copy.execute(compiled[name].sql).fetchone() is None

    copy.execute("begin")
    try:
        copy.execute(damage)
        assert copy.execute(compiled[name].sql).fetchone() is not None
    finally:
        copy.execute("rollback")


@pytest.mark.parametrize(("damage", "kind"), UNMAPPED)
def test_a_record_that_nobody_has_judged_is_reported(
    copy: duckdb.DuckDBPyConnection, compiled: dict[str, Compiled], damage: str, kind: str
) -> None:
    unmapped = f"select distinct value_kind from ({compiled['int_unmapped_deposit_texts'].sql})"
    assert copy.execute(unmapped).fetchall() == []

    copy.execute("begin")
    try:
        copy.execute(damage)
        assert copy.execute(unmapped).fetchall() == [(kind,)]
    finally:
        copy.execute("rollback")


def names_of_sites(warehouse: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    names = defaultdict(set)
    for site, name in warehouse.execute(NAMES).fetchall():
        for alternative in re.split(";", name or ""):
            names[site] |= {part for part in parts(alternative) if len(part) > 3}
    return names


def test_sites_with_like_names_or_near_points_are_judged(warehouse: duckdb.DuckDBPyConnection) -> None:
    names = names_of_sites(warehouse)
    alike, unjudged = 0, []
    for site, other, km, is_judged in warehouse.execute(CANDIDATES).fetchall():
        pairs = ((a, b) for a in names[site] for b in names[other])
        is_near = km is not None and km <= 2
        if is_near or (
            (km is None or km <= 50)
            and any(fuzz.ratio(a, b, score_cutoff=LIKE_NAMES) >= LIKE_NAMES for a, b in pairs)
        ):
            alike += 1
            if not is_judged:
                unjudged.append((site, other))

    assert alike > 40
    assert unjudged == []
