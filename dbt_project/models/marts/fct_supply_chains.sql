with recursive

steps as (

    select
        upstream_id,
        upstream_kind,
        upstream_name,
        downstream_id,
        downstream_name,
        max(case when match_method = 'site_name' then 1 else 0 end) as is_site_level
    from {{ ref('bridge_supply_edges') }}
    where
        is_resolved and not is_self_reference
        and upstream_kind in ('project', 'plant') and downstream_kind = 'plant'
    group by upstream_id, upstream_kind, upstream_name, downstream_id, downstream_name

),

-- A plant already on the path is not entered again, so a circle of references ends.
walk as (

    select
        upstream_id as project_id,
        downstream_id as plant_id,
        1 as plants_on_path,
        concat(upstream_id, ' > ', downstream_id) as chain_path,
        concat(upstream_name, ' > ', downstream_name) as chain_path_names,
        is_site_level
    from steps
    where upstream_kind = 'project'
    union all
    select
        walk.project_id,
        steps.downstream_id as plant_id,
        walk.plants_on_path + 1 as plants_on_path,
        concat(walk.chain_path, ' > ', steps.downstream_id) as chain_path,
        concat(walk.chain_path_names, ' > ', steps.downstream_name) as chain_path_names,
        walk.is_site_level
    from walk
    inner join steps
        on
            walk.plant_id = steps.upstream_id
            and walk.chain_path not like concat('%', steps.downstream_id, '%')

)

select
    walk.project_id,
    walk.plant_id,
    walk.plants_on_path as depth, -- noqa: RF04
    walk.chain_path as path, -- noqa: RF04
    walk.chain_path_names as path_names,
    walk.is_site_level = 1 as is_site_level,
    count(further.chain_path) = 0 as is_last_known
from walk
left join walk as further
    on
        walk.project_id = further.project_id
        and further.chain_path like concat(walk.chain_path, ' > %')
group by
    walk.project_id, walk.plant_id, walk.plants_on_path,
    walk.chain_path, walk.chain_path_names, walk.is_site_level
