-- A site is a deposit or camp; the projects of one are siblings, and the first of them has its point.
with

sites as (

    select
        site_id,
        min(site_name) as site_name,
        min(project_id) as first_project_id,
        count(*) as projects,
        count(case when has_full_composition then 1 end) as measured_projects
    from {{ ref('dim_projects') }}
    group by site_id

)

select
    sites.site_id,
    sites.site_name,
    sites.projects,
    sites.measured_projects,
    points.latitude_deg,
    points.longitude_deg,
    coalesce(points.coordinate_precision, 'unknown') as coordinate_precision,
    points.coordinate_source,
    points.coordinate_spread_km
from sites
left join {{ ref('int_record_points') }} as points on sites.first_project_id = points.record_id
