{{ config(schema='intermediate', contract={'enforced': false}) }}

with

plants as (

    select
        plant_id,
        plant_name,
        {{ supply_name_key('plant_name') }} as plant_key
    from {{ ref('dim_plants') }}

),

project_names as (

    select
        known.name_key,
        projects.project_id,
        projects.project_name
    from {{ ref('int_supply_names') }} as known
    inner join {{ ref('dim_projects') }} as projects on known.target_id = projects.project_id
    where known.target_kind = 'project'

),

linked as (

    select upstream_id as plant_id from {{ ref('bridge_supply_edges') }}
    union
    select downstream_id as plant_id from {{ ref('bridge_supply_edges') }}

)

select
    'unlinked_namesake' as finding_type,
    '' as detail,
    concat({{ join_sorted('project_names.project_id') }}, ';', plants.plant_id) as record_ids,
    concat(
        plants.plant_name, ' carries the name of ', {{ join_sorted('project_names.project_name', ' and ') }},
        ', but no cell says what feeds the plant or what it feeds.'
    ) as sentence,
    'dim_plants.upstream_as_published and downstream_as_published are blank, and no other plant names it'
        as evidence
from plants
inner join project_names
    on substring(plants.plant_key, 1, length(project_names.name_key)) = project_names.name_key
left join linked on plants.plant_id = linked.plant_id
where linked.plant_id is null
group by plants.plant_id, plants.plant_name
