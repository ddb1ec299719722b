-- What the reviewed tables make of a location cell, and of the continent beside it.
with

cells as (

    select
        table_name,
        record_key,
        column_name,
        read_text,
        record_id
    from {{ ref('int_raw_cells') }}
    where table_name in ('projects', 'plants') and column_name in ('location', 'continent')

),

places as (

    select
        cells.table_name,
        cells.record_key,
        countries.country_iso3,
        coalesce(countries.continent, mappings.continent) as continent,
        divisions.admin1_name,
        coalesce(overrides.locality, mappings.locality) as locality,
        coalesce(overrides.reason, mappings.reason) as reason,
        case
            when overrides.record_id is not null then 'location_override'
            when mappings.location_text is not null then concat('location_', mappings.judgement)
            when cells.read_text is not null then 'location_unmapped'
        end as rule
    from cells
    left join {{ ref('location_overrides') }} as overrides on cells.record_id = overrides.record_id
    left join {{ ref('location_mappings') }} as mappings
        on cells.read_text = mappings.location_text and overrides.record_id is null
    left join {{ ref('divisions') }} as divisions
        on coalesce(overrides.admin1_iso, mappings.admin1_iso) = divisions.admin1_iso
    left join {{ ref('countries') }} as countries
        on coalesce(overrides.country_iso2, mappings.country_iso2) = countries.country_iso2
    where cells.column_name = 'location'

)

select
    table_name,
    record_key,
    'location' as column_name,
    'place' as comparison,
    -- A mapping to no country and no continent leaves the text unread.
    case
        when coalesce(country_iso3, continent) is not null
            then {{ place_name('coalesce(country_iso3, continent)', 'admin1_name', 'locality') }}
    end as reading,
    rule,
    reason
from places
union all
select
    cells.table_name,
    cells.record_key,
    cells.column_name,
    'continent' as comparison,
    places.continent as reading,
    case
        when cells.read_text is not null and places.rule = 'location_unmapped' then 'location_unmapped'
        when places.continent <> cells.read_text then 'continent_from_country'
    end as rule,
    case
        when places.continent <> cells.read_text
            then 'the country lies on another continent than the table prints'
    end as reason
from cells
inner join places on cells.table_name = places.table_name and cells.record_key = places.record_key
where cells.column_name = 'continent'
