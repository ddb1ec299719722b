-- A reviewed reading of a supply reference whose text is in no cell any more is stale.
select
    mappings.plant_id,
    mappings.direction,
    mappings.reference_part
from {{ ref('supply_reference_mappings') }} as mappings
left join {{ ref('int_supply_references') }} as parts
    on
        mappings.direction = parts.direction
        and coalesce(mappings.plant_id, parts.plant_id) = parts.plant_id
        and {{ supply_name_key('mappings.reference_part') }} = parts.name_key
        and parts.match_method = 'reviewed_mapping'
where parts.plant_id is null
