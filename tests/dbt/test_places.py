"""First-level divisions are those of ISO 3166-2, by code and by name."""

from __future__ import annotations

import csv

import pycountry
import pytest

from warehouse.paths import DBT_PROJECT_DIR

Division = dict[str, str]


@pytest.fixture(scope="module")
def divisions() -> list[Division]:
    with (DBT_PROJECT_DIR / "seeds" / "divisions.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def fault(division: Division) -> str | None:
    """Tell in what a division differs from ISO 3166-2; None where it agrees."""
    iso = pycountry.subdivisions.get(code=division["admin1_iso"])
    if iso is None:
        return "no such code"
    if iso.country_code != division["country_iso2"]:
        return f"a code of {iso.country_code}"
    if iso.parent_code is not None:
        return f"within {iso.parent_code}"
    if iso.name != division["iso_name"]:
        return f"called {iso.name}"
    if iso.name != division["admin1_name"] and not division["reason"]:
        return "another name without a reason"
    return None


def test_every_division_is_one_of_iso_3166_2(divisions: list[Division]) -> None:
    assert len(divisions) > 80
    assert {d["admin1_iso"]: fault(d) for d in divisions if fault(d)} == {}


@pytest.mark.parametrize(
    ("code", "damage", "expected"),
    [
        ("CN-SC", {"admin1_iso": "CN-51"}, "no such code"),
        ("CN-SC", {"admin1_iso": "CN-SN"}, "called Shaanxi Sheng"),
        ("NA-KU", {"admin1_iso": "AO-CNN"}, "a code of AO"),
        ("GB-ENG", {"admin1_iso": "GB-ERY"}, "within GB-ENG"),
        ("AU-WA", {"admin1_name": "Victoria"}, "another name without a reason"),
    ],
)
def test_a_division_that_differs_is_named(
    divisions: list[Division], code: str, damage: Division, expected: str
) -> None:
    honest = next(d for d in divisions if d["admin1_iso"] == code)

    assert fault(honest) is None
    assert fault(honest | damage) == expected


def test_every_division_is_used(divisions: list[Division]) -> None:
    used = set()
    for name in ("location_mappings", "location_overrides"):
        with (DBT_PROJECT_DIR / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            used |= {row["admin1_iso"] for row in csv.DictReader(file)}

    assert {d["admin1_iso"] for d in divisions} == used - {""}
