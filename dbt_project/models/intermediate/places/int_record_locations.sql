with

cells as (

    select
        project_id as record_id,
        location_as_published,
        location_text,
        continent_as_published,
        continent_text
    from {{ ref('stg_liu_2023__projects') }}
    union all
    select
        plant_id as record_id,
        location_as_published,
        location_text,
        cast(null as string) as continent_as_published,
        cast(null as string) as continent_text
    from {{ ref('stg_liu_2023__plants') }}

),

records as (

    select
        *,
        -- One printed text may be corrected in one row and meant in another, or printed under two continents.
        concat(
            location_as_published,
            case
                when {{ collapse_whitespace('location_as_published') }} <> location_text then location_text
                else ''
            end,
            case
                when
                    min(continent_as_published) over (partition by location_as_published)
                    <> max(continent_as_published) over (partition by location_as_published)
                    then coalesce(continent_as_published, '')
                else ''
            end
        ) as location_key
    from cells

)

select
    records.record_id,
    records.location_as_published,
    records.location_text,
    records.continent_as_published,
    records.continent_text,
    case
        when overrides.record_id is not null then concat('loc-', records.record_id)
        when records.location_as_published is not null
            then {{ location_id('records.location_key') }}
        else 'loc-unknown'
    end as location_id
from records
left join {{ ref('location_overrides') }} as overrides on records.record_id = overrides.record_id
