-- A site is a deposit or camp: of projects, the first of which has its point, or of records of other sources.
with

of_projects as (

    select
        site_id,
        min(site_name) as site_name,
        min(project_id) as first_project_id,
        count(*) as projects,
        count(case when has_full_composition then 1 end) as measured_projects,
        -- The figures of one project are not those of a site of several.
        case when count(*) = 1 then min(ore_t) end as ore_t,
        case when count(*) = 1 then min(grade_treo_wt_pct) end as grade_treo_wt_pct,
        case when count(*) = 1 then min(resource_treo_t) end as resource_treo_t
    from {{ ref('dim_projects') }}
    group by site_id

),

sites as (

    select
        of_projects.site_id,
        of_projects.site_name,
        true as is_in_liu2023,
        'liu_2023' as origin_source_id,
        of_projects.projects,
        of_projects.measured_projects,
        firsts.deposit_type_id,
        locations.country_iso2,
        points.latitude_deg,
        points.longitude_deg,
        points.coordinate_precision,
        points.coordinate_source,
        points.coordinate_spread_km,
        of_projects.ore_t,
        of_projects.grade_treo_wt_pct,
        of_projects.resource_treo_t,
        cast(null as string) as possible_duplicate_of
    from of_projects
    inner join {{ ref('dim_projects') }} as firsts on of_projects.first_project_id = firsts.project_id
    left join {{ ref('dim_locations') }} as locations on firsts.location_id = locations.location_id
    left join {{ ref('int_record_points') }} as points on of_projects.first_project_id = points.record_id
    union all
    select
        site_id,
        site_name,
        false as is_in_liu2023,
        origin_source_id,
        0 as projects,
        0 as measured_projects,
        deposit_type_id,
        country_iso2,
        latitude_deg,
        longitude_deg,
        coordinate_precision,
        coordinate_source,
        coordinate_spread_km,
        ore_t,
        grade_treo_wt_pct,
        ore_t * grade_treo_wt_pct / 100 as resource_treo_t,
        possible_duplicate_of
    from {{ ref('int_deposit_sites') }}

)

select
    sites.site_id,
    sites.site_name,
    sites.is_in_liu2023,
    sites.origin_source_id,
    sites.projects,
    sites.measured_projects,
    sites.deposit_type_id,
    coalesce(deposit_types.deposit_family, 'unknown') as deposit_family,
    countries.country_iso3,
    countries.country_name,
    sites.latitude_deg,
    sites.longitude_deg,
    coalesce(sites.coordinate_precision, 'unknown') as coordinate_precision,
    sites.coordinate_source,
    sites.coordinate_spread_km,
    sites.ore_t,
    sites.grade_treo_wt_pct,
    sites.resource_treo_t,
    sites.possible_duplicate_of
from sites
left join {{ ref('dim_deposit_types') }} as deposit_types
    on sites.deposit_type_id = deposit_types.deposit_type_id
left join {{ ref('dim_countries') }} as countries on sites.country_iso2 = countries.country_iso2
