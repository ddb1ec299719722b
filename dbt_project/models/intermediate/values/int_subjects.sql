-- What is valued and added up: projects of the published table, and sites of other sources.
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
        projects.resource_treo_t,
        cast(null as string) as possible_duplicate_of
    from {{ ref('dim_projects') }} as projects
    left join {{ ref('dim_locations') }} as locations on projects.location_id = locations.location_id
    union all
    select
        site_id as subject_id,
        'site' as subject_kind,
        null as project_id,
        site_id,
        site_name as subject_name,
        country_name,
        country_iso3,
        null as stage,
        grade_treo_wt_pct,
        resource_treo_t,
        possible_duplicate_of
    from {{ ref('dim_sites') }}
    where not is_in_liu2023

)

select
    *,
    -- Resources of one site may be nested: all but the largest may be part of it.
    coalesce(resource_treo_t, 0) > 0
    and (
        possible_duplicate_of is not null
        or row_number() over (
            partition by site_id
            order by coalesce(resource_treo_t, 0) desc, subject_id asc
        ) > 1
    ) as is_possible_double
from subjects
