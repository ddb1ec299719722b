with

named as (

    select
        parts.*,
        ends.end_name as target_name,
        {{ supply_name_key('ends.end_name') }} as target_key,
        coalesce(parts.target_kind = 'plant' and parts.target_id = parts.plant_id, false)
            as is_self_reference,
        row_number() over (
            partition by
                parts.plant_id, parts.direction, parts.target_kind, coalesce(parts.target_id, parts.name_key)
            order by parts.reference_position
        ) as mention
    from {{ ref('int_supply_references') }} as parts
    left join {{ ref('int_supply_ends') }} as ends
        on parts.target_id = ends.end_id and parts.target_kind = ends.end_kind

),

directed as (

    select
        named.*,
        plants.plant_name,
        named.direction = 'upstream' as is_upstream,
        concat(
            named.plant_id, '-', named.direction, '-',
            coalesce(named.target_id, concat('unresolved-', substring(md5(named.name_key), 1, 8))),
            case when named.mention > 1 then concat('-', cast(named.mention as string)) else '' end
        ) as edge_id
    from named
    inner join {{ ref('stg_liu_2023__plants') }} as plants on named.plant_id = plants.plant_id

)

select
    edges.edge_id,
    edges.plant_id,
    edges.direction,
    cast(edges.reference_position as int) as reference_position,
    edges.reference_part,
    edges.reference_text,
    edges.reference_as_published,
    case when edges.is_upstream then edges.target_id else edges.plant_id end as upstream_id,
    case when edges.is_upstream then edges.target_kind else 'plant' end as upstream_kind,
    case when edges.is_upstream then edges.target_name else edges.plant_name end as upstream_name,
    case when edges.is_upstream then edges.plant_id else edges.target_id end as downstream_id,
    case when edges.is_upstream then 'plant' else edges.target_kind end as downstream_kind,
    case when edges.is_upstream then edges.plant_name else edges.target_name end as downstream_name,
    edges.match_method,
    case
        when edges.target_id is null then null
        when edges.match_method <> 'reviewed_mapping' then 1.0
        else
            round(
                1.0 - levenshtein(edges.name_key, edges.target_key) * 1.0
                / greatest(length(edges.name_key), length(edges.target_key)),
                4
            )
    end as match_score,
    edges.target_id is not null as is_resolved,
    edges.is_self_reference,
    other_ends.plant_id is not null as is_stated_by_both,
    case
        when edges.is_self_reference
            then 'The cell names its own plant; kept as printed, and no step of a supply chain.'
        when edges.reason is not null then edges.reason
        when edges.match_method = 'site_name'
            then 'The cell names a site of several projects; one edge for each, any of which may be meant.'
        when edges.target_id is null
            then 'No name of the tables and no reviewed mapping fits; map it in supply_reference_mappings.'
    end as note
from directed as edges
left join directed as other_ends
    on
        edges.direction <> other_ends.direction
        and edges.target_kind = 'plant'
        and other_ends.target_kind = 'plant'
        and edges.target_id = other_ends.plant_id
        and edges.plant_id = other_ends.target_id
        and other_ends.mention = 1
