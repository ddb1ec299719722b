with

locations as (

    select
        location_id,
        location_as_published,
        max(continent_as_published) as continent_as_published,
        -- Only a location without a published text is told apart by its record.
        max(case when location_as_published is null then record_id end) as record_id
    from {{ ref('int_record_locations') }}
    group by location_id, location_as_published

),

placed as (

    select
        locations.location_id,
        locations.location_as_published,
        locations.continent_as_published,
        mappings.place_kind,
        coalesce(mappings.country_iso2, overrides.country_iso2) as country_iso2,
        coalesce(mappings.admin1_iso, overrides.admin1_iso) as admin1_iso,
        coalesce(mappings.admin1_name, overrides.admin1_name) as admin1_name,
        coalesce(mappings.locality, overrides.locality) as locality,
        coalesce(mappings.reason, overrides.reason) as mapping_reason,
        coalesce(mappings.evidence, overrides.evidence) as mapping_evidence,
        case
            when mappings.location_as_published is not null then mappings.judgement
            when overrides.record_id is not null then 'override'
            when locations.location_as_published is not null then 'unmapped'
            else 'unknown'
        end as mapping_judgement
    from locations
    left join {{ ref('location_mappings') }} as mappings
        on locations.location_as_published = mappings.location_as_published
    left join {{ ref('location_overrides') }} as overrides
        on locations.record_id = overrides.record_id and locations.location_id <> 'loc-unknown'

)

select
    placed.location_id,
    placed.location_as_published,
    countries.country_name,
    countries.country_iso2,
    countries.country_iso3,
    placed.admin1_iso,
    placed.admin1_name,
    placed.locality,
    placed.place_kind,
    countries.continent,
    placed.continent_as_published,
    countries.continent <> placed.continent_as_published as is_continent_changed,
    placed.mapping_judgement,
    placed.mapping_reason,
    placed.mapping_evidence
from placed
left join {{ ref('countries') }} as countries on placed.country_iso2 = countries.country_iso2
