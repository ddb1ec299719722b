with

holders as (

    select * from {{ ref('int_company_holders') }}
    where holder_position = 1

),

compositions as (

    select distinct
        project_id,
        reported_oxides,
        has_full_composition
    from {{ ref('int_compositions') }}
    where source = 'liu_2023'

),

deposit_types as (

    select * from {{ ref('deposit_type_spellings') }}
    where position = 1

),

current_stages as (

    select * from {{ ref('int_project_statuses') }}
    where is_current

)

select
    projects.project_id,
    projects.project_number,
    projects.deposit_number,
    projects.project_name,
    holders.company_id,
    holders.company_source,
    projects.company_as_published,
    locations.location_id,
    points.latitude_deg,
    points.longitude_deg,
    coalesce(points.coordinate_precision, 'unknown') as coordinate_precision,
    points.coordinate_source,
    points.coordinate_spread_km,
    points.point_kind,
    points.coordinate_reason,
    deposit_types.deposit_type_id,
    projects.deposit_type_as_published,
    -- A project nobody has placed in a camp yet is a site of its own.
    coalesce(sites.site_id, projects.project_id) as site_id,
    coalesce(sites.site_name, projects.project_name) as site_name,
    current_stages.stage,
    coalesce(current_stages.stage = 'production', false) as is_at_work,
    projects.status_as_published,
    projects.resource_10kt_reo_as_published,
    projects.grade_wt_pct_as_published,
    projects.resource_treo_t,
    projects.grade_treo_wt_pct,
    -- Tonnes of ore that hold the resource at the stated grade.
    round(projects.resource_treo_t * 100 / projects.grade_treo_wt_pct, 3) as ore_t,
    projects.hree_reported_pct,
    compositions.reported_oxides,
    compositions.has_full_composition,
    projects.composition_references,
    projects.status_references,
    projects.deposit_type_references,
    projects.resource_references
from {{ ref('stg_liu_2023__projects') }} as projects
left join holders on projects.project_id = holders.record_id
left join {{ ref('int_record_locations') }} as locations on projects.project_id = locations.record_id
left join {{ ref('int_record_points') }} as points on projects.project_id = points.record_id
left join deposit_types
    on projects.deposit_type_text = deposit_types.deposit_type_text
left join {{ ref('project_sites') }} as sites on projects.project_id = sites.project_id
left join current_stages on projects.project_id = current_stages.project_id
left join compositions on projects.project_id = compositions.project_id
