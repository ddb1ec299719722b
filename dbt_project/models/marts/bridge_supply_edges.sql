with

named as (

    select
        plant_id,
        'upstream' as direction,
        upstream_as_published as reference_as_published
    from {{ ref('stg_liu_2023__plants') }}
    union all
    select
        plant_id,
        'downstream' as direction,
        downstream_as_published as reference_as_published
    from {{ ref('stg_liu_2023__plants') }}

)

select
    concat(plant_id, '-', direction) as edge_id,
    case when direction = 'downstream' then plant_id end as upstream_id,
    case when direction = 'downstream' then 'plant' else 'unresolved' end as upstream_kind,
    case when direction = 'upstream' then plant_id end as downstream_id,
    case when direction = 'upstream' then 'plant' else 'unresolved' end as downstream_kind,
    reference_as_published,
    'none' as match_method,
    false as is_resolved
from named
where reference_as_published is not null
