with

-- Of the cells that state an edge, that of the receiving end comes first. Pieces that name nothing known are
-- not the same end.
ranked as (

    select
        *,
        row_number() over (
            partition by
                upstream_kind, coalesce(upstream_id, edge_id),
                downstream_kind, coalesce(downstream_id, edge_id)
            order by case when direction = 'upstream' then 1 else 2 end, reference_position
        ) as preference
    from {{ ref('bridge_supply_references') }}

)

select
    edge_id,
    plant_id,
    direction,
    reference_position,
    reference_part,
    reference_text,
    reference_as_published,
    upstream_id,
    upstream_kind,
    upstream_name,
    downstream_id,
    downstream_kind,
    downstream_name,
    match_method,
    match_score,
    is_resolved,
    is_self_reference,
    is_stated_by_both,
    case
        when is_stated_by_both then 'both_ends'
        when direction = 'upstream' then 'downstream_end'
        else 'upstream_end'
    end as stated_by,
    note
from ranked
where preference = 1
