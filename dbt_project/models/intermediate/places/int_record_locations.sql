with

records as (

    select
        project_id as record_id,
        location_as_published,
        continent_as_published
    from {{ ref('stg_liu_2023__projects') }}
    union all
    select
        plant_id as record_id,
        location_as_published,
        cast(null as string) as continent_as_published
    from {{ ref('stg_liu_2023__plants') }}

)

select
    records.record_id,
    records.location_as_published,
    records.continent_as_published,
    case
        when overrides.record_id is not null then concat('loc-', records.record_id)
        when records.location_as_published is not null
            then {{ location_id('records.location_as_published') }}
        else 'loc-unknown'
    end as location_id
from records
left join {{ ref('location_overrides') }} as overrides on records.record_id = overrides.record_id
