with

locations as (

    select
        location_id,
        location_as_published,
        location_text,
        max(continent_as_published) as continent_as_published,
        max(continent_text) as continent_text,
        -- Only a place with an override belongs to one record.
        max(case when location_id = concat('loc-', record_id) then record_id end) as record_id
    from {{ ref('int_record_locations') }}
    group by location_id, location_as_published, location_text

),

placed as (

    select
        locations.location_id,
        locations.location_as_published,
        locations.location_text,
        locations.continent_as_published,
        locations.continent_text,
        mappings.continent as continent_of_countries,
        coalesce(overrides.place_kind, mappings.place_kind) as place_kind,
        coalesce(overrides.country_iso2, mappings.country_iso2) as country_iso2,
        coalesce(overrides.admin1_iso, mappings.admin1_iso) as admin1_iso,
        coalesce(overrides.locality, mappings.locality) as locality,
        coalesce(overrides.reason, mappings.reason) as mapping_reason,
        coalesce(overrides.evidence, mappings.evidence) as mapping_evidence,
        case
            when overrides.record_id is not null then 'override'
            when mappings.location_text is not null then mappings.judgement
            when locations.location_text is not null then 'unmapped'
            else 'unknown'
        end as mapping_judgement
    from locations
    left join {{ ref('location_overrides') }} as overrides on locations.record_id = overrides.record_id
    -- An override takes the place of the mapping as a whole: what it leaves blank is blank.
    left join {{ ref('location_mappings') }} as mappings
        on locations.location_text = mappings.location_text and overrides.record_id is null

)

select
    placed.location_id,
    placed.location_as_published,
    placed.location_text,
    countries.country_name,
    countries.country_iso2,
    countries.country_iso3,
    placed.admin1_iso,
    divisions.admin1_name,
    placed.locality,
    placed.place_kind,
    coalesce(
        points.latitude_deg, division_middles.latitude_deg, country_middles.latitude_deg
    ) as latitude_deg,
    coalesce(
        points.longitude_deg, division_middles.longitude_deg, country_middles.longitude_deg
    ) as longitude_deg,
    case
        when points.location_id is not null then points.coordinate_precision
        when division_middles.coordinate_source is not null then 'admin1'
        when country_middles.coordinate_source is not null then 'country'
        else 'unknown'
    end as coordinate_precision,
    coalesce(
        points.coordinate_source, division_middles.coordinate_source, country_middles.coordinate_source
    ) as coordinate_source,
    points.coordinate_spread_km,
    coalesce(countries.continent, placed.continent_of_countries) as continent,
    case
        when countries.is_transcontinental then divisions.continent_of_place
        else coalesce(countries.continent, placed.continent_of_countries)
    end as continent_of_place,
    countries.subregion,
    placed.continent_as_published,
    countries.continent <> placed.continent_text as is_continent_changed,
    placed.mapping_judgement,
    placed.mapping_reason,
    placed.mapping_evidence
from placed
left join {{ ref('countries') }} as countries on placed.country_iso2 = countries.country_iso2
left join {{ ref('divisions') }} as divisions on placed.admin1_iso = divisions.admin1_iso
left join {{ ref('int_location_points') }} as points on placed.location_id = points.location_id
left join {{ ref('int_points') }} as division_middles
    on concat('natural_earth:', placed.admin1_iso) = division_middles.coordinate_source
left join {{ ref('int_points') }} as country_middles
    on concat('natural_earth:', placed.country_iso2) = country_middles.coordinate_source
