-- A place has the point of its records where they share one, else that of its division or country.
with

counted as (

    select
        locations.location_id,
        count(distinct points.coordinate_source) as sources,
        min(points.coordinate_source) as coordinate_source
    from {{ ref('int_record_locations') }} as locations
    inner join {{ ref('int_record_points') }} as points on locations.record_id = points.record_id
    group by locations.location_id

)

select
    counted.location_id,
    counted.coordinate_source,
    min(points.latitude_deg) as latitude_deg,
    min(points.longitude_deg) as longitude_deg,
    min(points.coordinate_precision) as coordinate_precision,
    min(points.coordinate_spread_km) as coordinate_spread_km
from counted
inner join {{ ref('int_record_points') }} as points on counted.coordinate_source = points.coordinate_source
where counted.sources = 1
group by counted.location_id, counted.coordinate_source
