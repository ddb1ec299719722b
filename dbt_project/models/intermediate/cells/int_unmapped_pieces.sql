-- Pieces of cells that no reviewed mapping knows: stages, capacities, references of the supply chain.
select
    'project status' as value_kind,
    stage_text as value_as_published,
    project_id as record_id,
    'project_stages' as seed
from {{ ref('int_project_statuses') }}
where stage is null
union all
select
    'plant status' as value_kind,
    stage_text as value_as_published,
    plant_id as record_id,
    'plant_stages' as seed
from {{ ref('int_plant_statuses') }}
where stage is null
union all
select
    measure as value_kind,
    cell_text as value_as_published,
    plant_id as record_id,
    'plant_capacity_readings' as seed
from {{ ref('fct_plant_capacities') }}
where parse_status = 'unmapped'
union all
select
    'supply reference' as value_kind,
    reference_part as value_as_published,
    plant_id as record_id,
    'supply_reference_mappings' as seed
from {{ ref('int_supply_references') }}
where match_method = 'none'
