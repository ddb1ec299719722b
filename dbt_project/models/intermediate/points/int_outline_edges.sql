with

placed as (

    select
        outline_id,
        {{ parse_integer('ring_number') }} as ring_number,
        corner,
        {{ parse_decimal("split_part(corner_text, ' ', 1)") }} as edge_start_longitude_deg,
        {{ parse_decimal("split_part(corner_text, ' ', 2)") }} as edge_start_latitude_deg
    from {{ list_pieces(
        source('raw', 'natural_earth_outlines__outline_rings'),
        'outline_id, ring_number', 'vertices', ',', 'corner', 'corner_text'
    ) }}

),

edges as (

    select
        *,
        lead(edge_start_longitude_deg) over (
            partition by outline_id, ring_number order by corner
        ) as edge_end_longitude_deg,
        lead(edge_start_latitude_deg) over (
            partition by outline_id, ring_number order by corner
        ) as edge_end_latitude_deg
    from placed

)

select
    edges.outline_id,
    outlines.outline_level,
    edges.ring_number,
    edges.corner,
    edges.edge_start_longitude_deg,
    edges.edge_start_latitude_deg,
    edges.edge_end_longitude_deg,
    edges.edge_end_latitude_deg
from edges
inner join {{ ref('stg_natural_earth_outlines__outlines') }} as outlines
    on edges.outline_id = outlines.outline_id
-- The last corner of a ring is its first.
where edges.edge_end_longitude_deg is not null
