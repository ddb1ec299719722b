with

-- A mapping for one plant goes before one for all.
reviewed as (

    select
        parts.plant_id,
        parts.direction,
        parts.split_level,
        parts.clause_position,
        parts.item_position,
        mappings.target_kind,
        mappings.target_id,
        mappings.reason,
        rank() over (
            partition by
                parts.plant_id, parts.direction, parts.split_level, parts.clause_position, parts.item_position
            order by case when mappings.plant_id is null then 2 else 1 end
        ) as preference
    from {{ ref('int_supply_reference_parts') }} as parts
    inner join {{ ref('supply_reference_mappings') }} as mappings
        on
            parts.name_key = {{ supply_name_key('mappings.reference_part') }}
            and parts.direction = mappings.direction
            and coalesce(mappings.plant_id, parts.plant_id) = parts.plant_id

),

matched as (

    select
        parts.*,
        coalesce(reviewed.target_kind, known.target_kind, 'unresolved') as target_kind,
        coalesce(reviewed.target_id, known.target_id) as target_id,
        reviewed.reason,
        case
            when reviewed.plant_id is not null then 'reviewed_mapping'
            else coalesce(known.match_method, 'none')
        end as match_method
    from {{ ref('int_supply_reference_parts') }} as parts
    left join reviewed
        on
            parts.plant_id = reviewed.plant_id
            and parts.direction = reviewed.direction
            and parts.split_level = reviewed.split_level
            and parts.clause_position = reviewed.clause_position
            and parts.item_position = reviewed.item_position
            and reviewed.preference = 1
    left join {{ ref('int_supply_names') }} as known
        on parts.name_key = known.name_key and reviewed.plant_id is null

),

-- A text that is known as a whole is not split further.
nested as (

    select
        *,
        max(case when split_level = 'cell' and match_method <> 'none' then 1 else 0 end)
            over (partition by plant_id, direction) as is_cell_known,
        max(case when split_level = 'clause' and match_method <> 'none' then 1 else 0 end)
            over (partition by plant_id, direction, clause_position) as is_clause_known
    from matched

)

select
    plant_id,
    direction,
    reference_as_published,
    reference_text,
    reference_part,
    name_key,
    target_kind,
    target_id,
    match_method,
    reason,
    dense_rank() over (partition by plant_id, direction order by clause_position, item_position)
        as reference_position
from nested
where
    (split_level = 'cell' and match_method <> 'none')
    or (split_level = 'clause' and match_method <> 'none' and is_cell_known = 0)
    or (split_level = 'item' and is_cell_known = 0 and is_clause_known = 0)
