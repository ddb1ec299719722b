-- What is valued and added up: projects of the published table.
with

subjects as (

    select
        projects.project_id as subject_id,
        'project' as subject_kind,
        projects.project_id,
        projects.site_id,
        projects.project_name as subject_name,
        locations.country_name,
        locations.country_iso3,
        projects.stage,
        projects.grade_treo_wt_pct,
        projects.resource_treo_t
    from {{ ref('dim_projects') }} as projects
    left join {{ ref('dim_locations') }} as locations on projects.location_id = locations.location_id

)

select
    *,
    -- Resources of one site may be nested: all but the largest may be part of it.
    coalesce(resource_treo_t, 0) > 0
    and row_number() over (
        partition by site_id
        order by coalesce(resource_treo_t, 0) desc, subject_id asc
    ) > 1 as is_possible_double
from subjects
