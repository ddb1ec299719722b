-- A sign or an order mistaken puts a point into another country or the sea.
with

records as (

    select
        project_id as record_id,
        location_id,
        coordinate_source
    from {{ ref('dim_projects') }}
    union all
    select
        plant_id as record_id,
        location_id,
        coordinate_source
    from {{ ref('dim_plants') }}

)

select
    records.record_id,
    records.coordinate_source,
    locations.country_iso2
from records
inner join {{ ref('dim_locations') }} as locations on records.location_id = locations.location_id
left join {{ ref('int_point_outlines') }} as outlines
    on
        records.coordinate_source = outlines.coordinate_source
        and locations.country_iso2 = outlines.outline_id
        and (outlines.is_inside or outlines.distance_to_outline_km <= {{ var('outline_tolerance_km') }})
where
    records.coordinate_source is not null
    and locations.country_iso2 is not null
    and outlines.outline_id is null
