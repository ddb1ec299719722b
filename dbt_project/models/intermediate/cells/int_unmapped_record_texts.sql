-- Texts of projects and plants that no reviewed mapping knows: places, types, companies, sites, points.
with

records as (

    select
        project_id as record_id,
        company_text,
        location_text,
        deposit_type_text,
        true as is_project
    from {{ ref('stg_liu_2023__projects') }}
    union all
    select
        plant_id as record_id,
        company_text,
        location_text,
        cast(null as string) as deposit_type_text,
        false as is_project
    from {{ ref('stg_liu_2023__plants') }}

)

select
    'location' as value_kind,
    records.location_text as value_as_published,
    records.record_id,
    'location_mappings' as seed
from records
left join {{ ref('location_mappings') }} as mappings
    on records.location_text = mappings.location_text
where records.location_text is not null and mappings.location_text is null
union all
select
    'deposit type' as value_kind,
    records.deposit_type_text as value_as_published,
    records.record_id,
    'deposit_type_spellings' as seed
from records
left join {{ ref('deposit_type_spellings') }} as spellings
    on records.deposit_type_text = spellings.deposit_type_text
where records.deposit_type_text is not null and spellings.deposit_type_text is null
union all
select
    'company' as value_kind,
    records.company_text as value_as_published,
    records.record_id,
    'company_spellings' as seed
from records
left join {{ ref('company_spellings') }} as spellings
    on records.company_text = spellings.company_text
where records.company_text is not null and spellings.company_text is null
union all
select
    'blank company' as value_kind,
    records.record_id as value_as_published,
    records.record_id,
    'company_block_fills' as seed
from records
left join {{ ref('company_block_fills') }} as fills on records.record_id = fills.record_id
where records.company_text is null and fills.record_id is null
union all
select
    'site' as value_kind,
    records.record_id as value_as_published,
    records.record_id,
    'project_sites' as seed
from records
left join {{ ref('project_sites') }} as sites on records.record_id = sites.project_id
where records.is_project and sites.project_id is null
union all
select
    'point' as value_kind,
    records.record_id as value_as_published,
    records.record_id,
    'record_points' as seed
from records
left join {{ ref('record_points') }} as points on records.record_id = points.record_id
where points.record_id is null
