-- Every supply cell begins with its first piece and ends with its last, so that splitting loses nothing.
with

cells as (

    select
        plant_id,
        'upstream' as direction,
        upstream_text as reference_text
    from {{ ref('stg_liu_2023__plants') }}
    union all
    select
        plant_id,
        'downstream' as direction,
        downstream_text as reference_text
    from {{ ref('stg_liu_2023__plants') }}

),

pieces as (

    select
        plant_id,
        direction,
        max(case when reference_text like concat(reference_part, '%') then 1 else 0 end) as has_first,
        max(case when reference_text like concat('%', reference_part) then 1 else 0 end) as has_last
    from {{ ref('bridge_supply_edges') }}
    group by plant_id, direction

)

select cells.*
from cells
left join pieces on cells.plant_id = pieces.plant_id and cells.direction = pieces.direction
where
    cells.reference_text is not null
    and (coalesce(pieces.has_first, 0) = 0 or coalesce(pieces.has_last, 0) = 0)
