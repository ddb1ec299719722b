-- Texts of projects and plants that no reviewed mapping knows: places, types, companies, sites.
with

records as (

    select
        project_id as record_id,
        company_as_published,
        location_as_published,
        deposit_type_as_published,
        true as is_project
    from {{ ref('stg_liu_2023__projects') }}
    union all
    select
        plant_id as record_id,
        company_as_published,
        location_as_published,
        cast(null as string) as deposit_type_as_published,
        false as is_project
    from {{ ref('stg_liu_2023__plants') }}

)

select
    'location' as value_kind,
    records.location_as_published as value_as_published,
    records.record_id,
    'location_mappings' as seed
from records
left join {{ ref('location_mappings') }} as mappings
    on records.location_as_published = mappings.location_as_published
where records.location_as_published is not null and mappings.location_as_published is null
union all
select
    'deposit type' as value_kind,
    records.deposit_type_as_published as value_as_published,
    records.record_id,
    'deposit_type_spellings' as seed
from records
left join {{ ref('deposit_type_spellings') }} as spellings
    on records.deposit_type_as_published = spellings.deposit_type_as_published
where records.deposit_type_as_published is not null and spellings.deposit_type_as_published is null
union all
select
    'company' as value_kind,
    records.company_as_published as value_as_published,
    records.record_id,
    'company_spellings' as seed
from records
left join {{ ref('company_spellings') }} as spellings
    on records.company_as_published = spellings.company_as_published
where records.company_as_published is not null and spellings.company_as_published is null
union all
select
    'blank company' as value_kind,
    records.record_id as value_as_published,
    records.record_id,
    'company_block_fills' as seed
from records
left join {{ ref('company_block_fills') }} as fills on records.record_id = fills.record_id
where records.company_as_published is null and fills.record_id is null
union all
select
    'site' as value_kind,
    records.record_id as value_as_published,
    records.record_id,
    'project_sites' as seed
from records
left join {{ ref('project_sites') }} as sites on records.record_id = sites.project_id
where records.is_project and sites.project_id is null
