with

principal as (

    select
        project_id,
        confidence
    from {{ ref('stg_mineralogy__labels') }}
    where label_round = 'final' and mineral_rank = 1

)

select
    coalesce(locations.continent, 'unknown') as continent,
    coalesce(deposit_types.deposit_family, 'unknown') as deposit_family,
    count(*) as projects,
    count(case when principal.confidence = 'stated' then 1 end) as projects_stated,
    count(case when principal.confidence = 'inferred' then 1 end) as projects_inferred,
    count(case when coalesce(principal.confidence, 'unknown') = 'unknown' then 1 end) as projects_unknown
from {{ ref('dim_projects') }} as projects
left join principal on projects.project_id = principal.project_id
left join {{ ref('dim_locations') }} as locations on projects.location_id = locations.location_id
left join {{ ref('dim_deposit_types') }} as deposit_types
    on projects.deposit_type_id = deposit_types.deposit_type_id
group by coalesce(locations.continent, 'unknown'), coalesce(deposit_types.deposit_family, 'unknown')
