-- Rules that read a text through a reviewed mapping: places, continents, deposit types.
with

places as (

    select
        records.record_id,
        locations.mapping_judgement,
        locations.mapping_reason,
        locations.continent,
        locations.is_continent_changed,
        coalesce(locations.country_iso3, 'unknown')
        || coalesce(', ' || locations.admin1_name, '')
        || coalesce(', ' || locations.locality, '') as place
    from {{ ref('int_record_locations') }} as records
    inner join {{ ref('dim_locations') }} as locations on records.location_id = locations.location_id

)

select
    record_id,
    'location' as column_name,
    place as new_value,
    concat('location_', mapping_judgement) as rule,
    mapping_reason as reason
from places
union all
select
    record_id,
    'continent' as column_name,
    continent as new_value,
    'continent_from_country' as rule,
    'the country lies on another continent than the table prints' as reason
from places
where is_continent_changed
union all
select
    projects.project_id as record_id,
    'deposit_type' as column_name,
    spellings.deposit_type_id as new_value,
    case
        when spellings.deposit_type_id is null then 'deposit_type_unmapped'
        else 'deposit_type_mapped'
    end as rule,
    spellings.reason
from {{ ref('stg_liu_2023__projects') }} as projects
left join {{ ref('deposit_type_spellings') }} as spellings
    on
        projects.deposit_type_text = spellings.deposit_type_text
        and spellings.position = 1
where projects.deposit_type_text is not null
