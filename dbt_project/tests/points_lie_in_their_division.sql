-- A mistake within one country, as of a sign beside the equator, is one the country does not show.
with

records as (

    select
        project_id as record_id,
        location_id,
        coordinate_source,
        coordinate_precision
    from {{ ref('dim_projects') }}
    union all
    select
        plant_id as record_id,
        location_id,
        coordinate_source,
        coordinate_precision
    from {{ ref('dim_plants') }}

)

select
    records.record_id,
    records.coordinate_source,
    locations.admin1_iso
from records
inner join {{ ref('dim_locations') }} as locations on records.location_id = locations.location_id
inner join {{ ref('stg_natural_earth_outlines__outlines') }} as divisions
    on locations.admin1_iso = divisions.outline_id
left join {{ ref('int_point_outlines') }} as outlines
    on
        records.coordinate_source = outlines.coordinate_source
        and locations.admin1_iso = outlines.outline_id
        and (outlines.is_inside or outlines.distance_to_outline_km <= {{ var('outline_tolerance_km') }})
where
    records.coordinate_precision in ('deposit', 'district', 'locality', 'admin1')
    and outlines.outline_id is null
