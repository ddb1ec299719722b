-- Which outlines hold a point, and how far it is from the edges of those beside it.
with

points as (

    select
        coordinate_source,
        latitude_deg,
        longitude_deg,
        cos(radians(latitude_deg)) as shrinkage,
        true as is_used,
        cast(null as string) as printed_division_id
    from {{ ref('int_record_points') }}
    where latitude_deg is not null
    group by coordinate_source, latitude_deg, longitude_deg
    union all
    -- Of other records, the country and the division that they print are of interest.
    select
        records.source_record_key as coordinate_source,
        records.latitude_deg,
        records.longitude_deg,
        cos(radians(records.latitude_deg)) as shrinkage,
        false as is_used,
        divisions.outline_id as printed_division_id
    from {{ ref('stg_usgs__records') }} as records
    left join {{ ref('int_record_points') }} as used on records.source_record_key = used.coordinate_source
    left join {{ ref('record_divisions') }} as divisions
        on
            records.record_country = divisions.record_country
            and records.record_division = divisions.record_division
    where records.latitude_deg is not null and used.coordinate_source is null

),

-- The edge in km east and north of the point, on the plane that touches the Earth there.
local_edges as (

    select
        points.coordinate_source,
        edges.outline_id,
        edges.outline_level,
        (edges.edge_start_longitude_deg - points.longitude_deg) * points.shrinkage * 111.195 as start_east,
        (edges.edge_start_latitude_deg - points.latitude_deg) * 111.195 as start_north,
        (edges.edge_end_longitude_deg - points.longitude_deg) * points.shrinkage * 111.195 as end_east,
        (edges.edge_end_latitude_deg - points.latitude_deg) * 111.195 as end_north
    from points
    inner join {{ ref('int_outline_edges') }} as edges
        on
            (
                points.is_used
                or edges.outline_level = 'country'
                or points.printed_division_id = edges.outline_id
            )
            -- Edges that a ray to the east may cross, and those near by.
            and (
                (points.latitude_deg < edges.edge_start_latitude_deg)
                <> (points.latitude_deg < edges.edge_end_latitude_deg)
                or (
                    points.latitude_deg + 1
                    > least(edges.edge_start_latitude_deg, edges.edge_end_latitude_deg)
                    and points.latitude_deg - 1
                    < greatest(edges.edge_start_latitude_deg, edges.edge_end_latitude_deg)
                    and points.longitude_deg + 1 / points.shrinkage
                    > least(edges.edge_start_longitude_deg, edges.edge_end_longitude_deg)
                    and points.longitude_deg - 1 / points.shrinkage
                    < greatest(edges.edge_start_longitude_deg, edges.edge_end_longitude_deg)
                )
            )

),

measured as (

    select
        *,
        -- A ray to the east: a point is inside where it crosses an odd number of edges.
        case
            when
                (start_north > 0) <> (end_north > 0)
                and start_east - start_north * (end_east - start_east) / (end_north - start_north) > 0
                then 1
            else 0
        end as crossing,
        -- How far along the edge its nearest point is, from 0 to 1.
        greatest(0, least(1, coalesce(
            -(start_east * (end_east - start_east) + start_north * (end_north - start_north))
            / nullif(power(end_east - start_east, 2) + power(end_north - start_north, 2), 0), 0
        ))) as along
    from local_edges

),

by_outline as (

    select
        coordinate_source,
        outline_id,
        outline_level,
        sum(crossing) % 2 = 1 as is_inside,
        min(sqrt(
            power(start_east + along * (end_east - start_east), 2)
            + power(start_north + along * (end_north - start_north), 2)
        )) as distance_to_outline_km
    from measured
    group by coordinate_source, outline_id, outline_level

)

select
    coordinate_source,
    outline_id,
    outline_level,
    is_inside,
    round(distance_to_outline_km, 1) as distance_to_outline_km
from by_outline
where is_inside or distance_to_outline_km < 100
