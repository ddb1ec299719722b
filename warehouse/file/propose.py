"""Proposals for values that no reviewed mapping knows yet; a person accepts or rejects each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pycountry

from warehouse.file.likeness import candidates
from warehouse.file.query import connect

# A new cell is read as the one most like it: the figures of that cell, to take the new numbers.
_READINGS = (
    "select cell_text, string_agg(concat_ws(' ', product, flow, amount_high, unit_text), '; ' "
    "order by figure_position) from staging.plant_capacity_readings where measure = '{measure}' "
    "group by cell_text"
)
# Text column and target column of the reviewed table that each kind of value belongs to.
_KNOWN = {
    "deposit type": "select deposit_type_text, deposit_type_id from staging.deposit_type_spellings "
    "where position = 1",
    "company": "select company_text, company_id from staging.company_spellings "
    "where holder_position = 1 and company_id is not null "
    "union select company_name, company_id from staging.companies",
    "location": "select location_text, concat_ws(' ', country_iso2, admin1_iso, locality) "
    "from staging.location_mappings",
    "project status": "select stage_code, stage from staging.project_stages",
    "plant status": "select stage_code, stage from staging.plant_stages",
    "capacity": _READINGS.format(measure="capacity"),
    "yield": _READINGS.format(measure="yield"),
    "supply reference": "select end_name, end_kind || ' ' || end_id from intermediate.int_supply_ends",
    "site": "select p.project_name, p.site_id from marts.dim_projects as p",
}


@dataclass(frozen=True)
class Proposal:
    """What a value could be mapped to.

    Attributes:
        value_kind: Kind of value, as in ``quality.unmapped_values``.
        value: The published text.
        seed: Reviewed table to add it to.
        candidate: Proposed target, blank if nothing comes near.
        candidate_text: Known text or name it resembles.
        score: Likeness, 0 to 100.
        runner_up: Next best target.
        runner_up_score: Its likeness, 0 to 100.
    """

    value_kind: str
    value: str
    seed: str
    candidate: str
    candidate_text: str
    score: float
    runner_up: str
    runner_up_score: float


def propose(file: Path) -> list[Proposal]:
    """Propose a target for every value in ``quality.unmapped_values`` of the published ``file``.

    Nothing is accepted or written: likeness of spelling is not evidence.

    Raises:
        ReeError: If there is no published file.
    """
    with connect(file) as connection:
        unmapped = connection.execute(
            "select value_kind, value_as_published, seed from quality.unmapped_values order by all"
        ).fetchall()
        return [_propose_one(connection, *row) for row in unmapped]


def _propose_one(connection: duckdb.DuckDBPyConnection, kind: str, value: str, seed: str) -> Proposal:
    choices = _countries_in(value) if kind == "location" else {}
    if not choices:
        choices = _nearest(connection, kind, value)
    ranked = sorted(choices.items(), key=lambda item: -item[1][1])
    empty = ("", ("", 0.0))
    (target, (text, score)), (second, (_, second_score)) = [*ranked, empty, empty][:2]
    return Proposal(kind, value, seed, target, text, round(score, 1), second, round(second_score, 1))


def _countries_in(text: str) -> dict[str, tuple[str, float]]:
    """Return the ISO 3166 codes whose country or division is named in ``text``, with name and score."""
    parts = [part.strip() for part in text.replace("，", ",").split(",") if part.strip()]
    found: dict[str, tuple[str, float]] = {}
    for position, part in enumerate(reversed(parts)):
        # A place is printed from the most local name to the country, so the last part weighs most.
        score = 100.0 - 5.0 * position
        try:
            country = pycountry.countries.lookup(part)
            found.setdefault(country.alpha_2, (country.name, score))
        except LookupError:
            for division in pycountry.subdivisions:
                if division.name.casefold() == part.casefold():
                    found.setdefault(f"{division.country_code} {division.code}", (division.name, score - 3.0))
    return found


def _nearest(connection: duckdb.DuckDBPyConnection, kind: str, value: str) -> dict[str, tuple[str, float]]:
    if kind not in _KNOWN:
        return {}
    known = dict(connection.execute(_KNOWN[kind]).fetchall())
    found: dict[str, tuple[str, float]] = {}
    for match in candidates(value, known):
        found.setdefault(known[match.text], (match.text, match.score))
    return found
