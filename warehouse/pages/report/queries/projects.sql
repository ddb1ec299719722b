select
    projects.project_id as id,
    projects.project_name as name, -- noqa: RF04
    projects.location_id,
    projects.latitude_deg,
    projects.longitude_deg,
    projects.coordinate_precision,
    projects.coordinate_source,
    deposit_types.deposit_type,
    projects.resource_treo_t,
    projects.grade_treo_wt_pct,
    best.reported_oxides,
    -- Beside shares of TREO those on another basis would rank too high.
    case when best.share_basis <> 'other' then best.hree_pct end as hree_pct,
    case when best.share_basis <> 'other' then best.ndpr_pct end as ndpr_pct,
    case when best.share_basis <> 'other' then best.magnet_pct end as magnet_pct,
    coalesce(companies.company_name, '') as company,
    coalesce(deposit_types.deposit_family, 'unknown') as family, -- noqa: RF04
    coalesce(projects.stage, 'not stated') as stage,
    case
        when best.reported_oxides = 15 then 'published'
        when best.reported_oxides > 0 then 'partly predicted'
        else 'predicted'
    end as composition,
    coalesce(best.is_extrapolated, false) as is_extrapolated
from marts.dim_projects as projects
inner join marts.composition_best_wide as best
    on projects.project_id = best.project_id
left join marts.dim_companies as companies
    on projects.company_id = companies.company_id
left join marts.dim_deposit_types as deposit_types
    on projects.deposit_type_id = deposit_types.deposit_type_id
order by projects.project_name, projects.project_id
