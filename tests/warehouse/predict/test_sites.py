"""Sites as people write them: what finds one, what does not, and what is only listed."""

from __future__ import annotations

import duckdb
import pytest

from benchmarks import site_names
from warehouse.predict.names import read_names
from warehouse.predict.places import Gazetteer, Place, place_of
from warehouse.predict.sites import Asked, Holding, KnownName, MatchMethod, SiteDirectory, Words

AUSTRALIA, CANADA = place_of("AUS", "Western Australia"), place_of("CAN", None)
GAZETTEER = Gazetteer(
    [("United States", "USA"), ("America", "USA")],
    [("Western Australia", "AUS"), ("Victoria", "AUS"), ("Georgia", "USA"), ("Labrador", "CAN")],
)
NAMES = (
    ("weld", "Mount Weld", "site"),
    ("range", "Camp Range (Deer Creek)", "project"),
    ("range", "Camp Range (North)", "project"),
    ("twin_a", "Twin", "project"),
    ("twin_b", "Twin", "project"),
    ("far", "Kuannersuit", "alias"),
    ("far", "Far Hill", "site"),
    ("lone", "Lone Hill", "record"),
)
HOLDINGS = (
    Holding("weld", "Lynas Rare Earths", "Mount Weld, Australia", AUSTRALIA),
    Holding("range", "Norsk A/S", "Somewhere, Canada", CANADA),
    Holding("twin_a", "One Mining", "West", AUSTRALIA),
    Holding("twin_b", "Other Mining", "West", AUSTRALIA),
    Holding("lone", "", "", CANADA),
    Holding("far", "Earths", "Far, Greenland", place_of("GRL", None)),
)
WORDS = Words({"mt": "mount"}, frozenset({"project", "the"}), frozenset({"pty", "ltd", "as", "limited"}))


@pytest.fixture(scope="module")
def directory():
    return SiteDirectory([KnownName(*name) for name in NAMES], HOLDINGS, WORDS)


def look(directory, name, company="", location=""):
    return directory.find(Asked(name, company, location, GAZETTEER.find(location)))


@pytest.mark.parametrize(
    ("asked", "site_id", "method"),
    [
        (("MOUNT  weld",), "weld", MatchMethod.name),
        (("The Mt. Weld project", "", "Australia"), "weld", MatchMethod.name_words),
        (("Deer Creek (Camp Range)",), "range", MatchMethod.name_words),
        (("Lone Hill", "", "Ontario, Canada"), "lone", MatchMethod.name),
        (("Kuannersuit", "", "Greenland"), "far", MatchMethod.alias),
        (("Deer Creek", "", "Labrador"), "range", MatchMethod.name_part),
        (("Deer Creek", "Norsk AS"), "range", MatchMethod.name_part),
        (("Twin", "Other Mining Pty Ltd"), "twin_b", MatchMethod.name),
        (
            ("No such name", "Lynas Rare Earths Limited", "mount weld australia"),
            "weld",
            "holder_and_location",
        ),
        (("Mount Welt", "Lynas Rare Earths", "Kalgoorlie, Western Australia"), "weld", "holder_and_division"),
        (("Far Hills", "Earths Ltd", "Nuuk, Greenland"), "far", "holder_and_country"),
    ],
)
def test_each_level_finds_a_site(directory, asked, site_id, method):
    match = look(directory, *asked)
    assert (match.site_id, match.method) == (site_id, method)
    assert 0 <= match.score <= 100


@pytest.mark.parametrize(
    ("asked", "candidate", "reason"),
    [
        (("Mount Weld", "", "Ontario, Canada"), "weld", "another place"),
        (("Mount Weld", "", "Victoria, Australia"), "weld", "another place"),
        (("Deer Creek", "", ""), "range", "one part of its name, and no place or holder that agrees"),
        (("Deer Creek", "", "Wyoming, America"), "range", "another place"),
        (("Lone Hill", "", "Victoria, Australia"), "lone", "another place"),
        (("Twin",), "twin_a", "one of several"),
        (("Mount Wels",), "weld", "a name that is like"),
    ],
)
def test_what_is_doubtful_is_listed_and_not_used(directory, asked, candidate, reason):
    match = look(directory, *asked)
    assert match.site_id is None
    assert (candidate, reason) in [(one.site_id, one.reason) for one in match.candidates]


def test_a_holder_alone_and_one_with_other_sites_find_nothing(directory):
    assert look(directory, "New find", "Lynas Rare Earths", "Western Australia").site_id is None
    assert look(directory, "New find", "Lynas Rare Earths").site_id is None
    assert look(directory, "New find", "One Mining", "West").site_id == "twin_a"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Southeastern Western Australia", Place(frozenset({"AUS"}), frozenset({"western australia"}))),
        ("Tbilisi, Georgia", Place(frozenset({"GEO"}))),
        ("Georgia, USA", Place(frozenset({"GEO", "USA"}), frozenset({"georgia"}))),
        ("Central Labrador", Place(frozenset({"CAN"}), frozenset({"labrador"}))),
        ("Viet Nam", Place(frozenset({"VNM"}))),
        ("on the moon", Place()),
        ("", Place()),
    ],
)
def test_countries_and_divisions_are_found_in_running_text(text, place):
    assert GAZETTEER.find(text) == place


@pytest.fixture(scope="module")
def lookups(built):
    with duckdb.connect(str(built.output), read_only=True) as connection:
        return site_names.look_all_up(connection, read_names(connection))


def test_every_project_written_in_five_other_ways_finds_itself(lookups):
    assert len({one.way for one in lookups}) == 5
    placed = [one for one in lookups if one.is_placed]
    assert len(placed) == 5 * 146
    assert [one for one in placed if one.outcome != "found"] == []


def test_by_name_alone_none_is_wrong_and_only_sites_of_one_name_are_not_found(lookups):
    others = [one for one in lookups if not one.is_placed and one.outcome != "found"]
    assert {(one.outcome, one.site_id) for one in others} == {
        ("not found", "mangaroon"),
        ("not found", "mangaroon_north"),
    }


def test_namesakes_of_other_places_are_not_taken_for_sites_with_projects(built):
    with duckdb.connect(str(built.output), read_only=True) as connection:
        names = read_names(connection)
        others = connection.execute("select site_id from marts.dim_sites where not is_in_liu2023").fetchall()
    found = {
        (name, place): site_names.find(names, name, location=place).site_id
        for name, place in site_names.NAMESAKES
    }
    assert len(found) >= 15
    assert set(found.values()) <= {None, *(site_id for (site_id,) in others)}
    assert found["Songwe Scarp", "Tanzania"] == "songwe_scarp"
