"""What is known and predicted of one project or plant, gathered from the marts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb

from warehouse.file.lookup import Record

Card = dict[str, Any]

NEIGHBOURS = 5

_PLACE = """
    l.location_as_published, l.country_name, l.admin1_name, l.locality, l.place_kind, l.continent
"""

_PROJECT = f"""
    select p.project_id, p.project_number, p.project_name, p.stage, p.status_as_published,
        t.deposit_type, t.deposit_family, t.is_tailings, p.deposit_type_as_published,
        p.resource_treo_t, p.grade_treo_wt_pct, p.ore_t, p.hree_reported_pct, p.has_full_composition,
        p.reported_oxides, p.site_id, p.site_name, p.location_id, {_PLACE}
    from marts.dim_projects as p
    left join marts.dim_locations as l using (location_id)
    left join marts.dim_deposit_types as t using (deposit_type_id)
    where p.project_id = ?
"""

_PLANT = f"""
    select p.plant_id, p.plant_number, p.plant_name, p.stage, p.status_as_published, p.location_id, {_PLACE}
    from marts.dim_plants as p
    left join marts.dim_locations as l using (location_id)
    where p.plant_id = ?
"""

_HOLDERS = """
    select c.company_id, c.company_name, b.company_source
    from marts.bridge_{kind}_companies as b inner join marts.dim_companies as c using (company_id)
    where b.{kind}_id = ? order by b.holder_position
"""

_STAGES = """
    select stage, effective_year, {end_year} as end_year, is_expected, is_current
    from marts.fct_{kind}_statuses where {kind}_id = ? order by stage_position
"""

_REFERENCES = """
    select replace(b.cited_for, '_', ' ') as of_what, reference_key, r.author_or_publisher, r.reference_year,
        r.title, r.container, r.doi, r.url
    from marts.bridge_record_references as b inner join marts.dim_references as r using (reference_key)
    where b.record_id = $id order by all
"""

_MINERALS = """
    select mineral, rank, mineral_group, confidence, evidence, reference, reference_url
    from marts.fct_project_minerals where project_id = ? order by rank
"""

_OXIDES = """
    select o.oxide, b.best_pct, b.value_origin, b.value_status, p.predicted_pct,
        coalesce(b.lower_90_pct, p.lower_90_pct) as lower_90_pct,
        coalesce(b.upper_90_pct, p.upper_90_pct) as upper_90_pct,
        p.prediction_kind, p.is_extrapolated, p.mineral_basis
    from marts.composition_best as b
    inner join marts.dim_oxides as o using (oxide)
    left join (
        select f.* from marts.fct_composition_predictions as f
        inner join marts.dim_model_runs as r using (model_run_id) where r.is_current
    ) as p using (project_id, oxide)
    where b.project_id = ? order by o.oxide_order
"""

_SUMS = """
    with best as (
        unpivot (select project_id, hree_pct as hree, ndpr_pct as ndpr, magnet_pct as magnet
            from marts.composition_best_wide) on hree, ndpr, magnet into name target value best_pct
    )
    select b.target, b.best_pct, g.predicted_pct, g.lower_90_pct, g.upper_90_pct
    from best as b
    left join (
        select f.* from marts.fct_group_predictions as f
        inner join marts.dim_model_runs as r using (model_run_id) where r.is_current
    ) as g using (project_id, target)
    where b.project_id = ? order by list_position(['hree', 'ndpr', 'magnet'], b.target)
"""

_MODEL = """
    select model_run_id, model_name, trained_at, training_rows
    from marts.dim_model_runs where is_current
"""

_FINDINGS = """
    select finding_type, sentence from quality.findings
    where list_contains(string_split(record_ids, ';'), ?) order by all
"""

_SITE = """
    select p.project_id, p.project_name, p.has_full_composition
    from marts.dim_projects as p inner join marts.dim_projects as own using (site_id)
    where own.project_id = $id and p.project_id <> $id order by p.project_number
"""

# The difference is the root mean square over the 15 oxides, the measure the models are judged by.
_ALIKE = """
    select p.project_id, p.project_name, t.deposit_type,
        sqrt(avg((other.best_pct - own.best_pct) ** 2)) as difference_rms_pct
    from marts.composition_best as own
    inner join marts.composition_best as other using (oxide)
    inner join marts.dim_projects as p on p.project_id = other.project_id
    left join marts.dim_deposit_types as t using (deposit_type_id)
    where own.project_id = $id and other.project_id <> $id and p.has_full_composition
    group by all order by difference_rms_pct, p.project_id limit $count
"""

_CHAINS = """
    select path, path_names, depth, is_site_level, is_last_known
    from marts.fct_supply_chains where {kind}_id = ? order by depth, path
"""

_EDGES = """
    select upstream_id, upstream_kind, upstream_name, downstream_id, downstream_kind, downstream_name,
        match_method, is_resolved, reference_as_published
    from marts.bridge_supply_edges where upstream_id = $id or downstream_id = $id or plant_id = $id
    order by direction desc, reference_position
"""

_CAPACITIES = """
    select measure, product, amount_low_t_per_year, amount_high_t_per_year, year, text_as_published,
        parse_status
    from marts.fct_plant_capacities where plant_id = ? order by measure, figure_position
"""


def make_card(connection: duckdb.DuckDBPyConnection, record: Record) -> Card:
    """Gather what the published file tells of ``record``, as plain values.

    Shares are per cent of TREO, amounts t.
    """
    return _project_card(connection, record) if record.kind == "project" else _plant_card(connection, record)


def _project_card(connection: duckdb.DuckDBPyConnection, record: Record) -> Card:
    own = {"id": record.id}
    identity = _rows(connection, _PROJECT, [record.id])[0]
    model = _rows(connection, _MODEL)
    return {
        "kind": record.kind,
        **identity,
        "companies": _rows(connection, _HOLDERS.format(kind="project"), [record.id]),
        "stages": _rows(connection, _STAGES.format(kind="project", end_year="end_year"), [record.id]),
        "minerals": _rows(connection, _MINERALS, [record.id]),
        "composition": _rows(connection, _OXIDES, [record.id]),
        "sums": _rows(connection, _SUMS, [record.id]),
        "model_run": model[0] if model else None,
        "findings": _rows(connection, _FINDINGS, [record.id]),
        "same_site": _rows(connection, _SITE, own),
        "most_alike": _rows(connection, _ALIKE, {**own, "count": NEIGHBOURS}),
        "supply_chains": _rows(connection, _CHAINS.format(kind="project"), [record.id]),
        "supply_edges": _rows(connection, _EDGES, own),
        "references": _rows(connection, _REFERENCES, own),
    }


def _plant_card(connection: duckdb.DuckDBPyConnection, record: Record) -> Card:
    identity = _rows(connection, _PLANT, [record.id])[0]
    return {
        "kind": record.kind,
        **identity,
        "companies": _rows(connection, _HOLDERS.format(kind="plant"), [record.id]),
        "stages": _rows(connection, _STAGES.format(kind="plant", end_year="null"), [record.id]),
        "capacities": _rows(connection, _CAPACITIES, [record.id]),
        "findings": _rows(connection, _FINDINGS, [record.id]),
        "supply_chains": _rows(connection, _CHAINS.format(kind="plant"), [record.id]),
        "supply_edges": _rows(connection, _EDGES, {"id": record.id}),
    }


def _rows(
    connection: duckdb.DuckDBPyConnection, sql: str, values: Sequence[Any] | dict[str, Any] = ()
) -> list[Card]:
    found = connection.execute(sql, values)
    names = [column[0] for column in found.description or []]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
