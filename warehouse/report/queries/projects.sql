select
    projects.project_id as id,
    projects.project_name as name,
    coalesce(companies.company_name, '') as company,
    projects.location_id,
    types.deposit_type,
    coalesce(types.deposit_family, 'unknown') as family,
    coalesce(projects.stage, 'not stated') as stage,
    projects.resource_treo_t,
    projects.grade_treo_wt_pct,
    projects.reported_oxides,
    best.hree_pct,
    best.ndpr_pct,
    best.magnet_pct,
    case
        when best.model_run_id is null then 'published'
        when projects.reported_oxides > 0 then 'partly predicted'
        else 'predicted'
    end as composition,
    coalesce(bool_or(predictions.is_extrapolated) filter (where best.model_run_id is not null), false)
        as is_extrapolated
from marts.dim_projects as projects
inner join marts.composition_best_wide as best using (project_id)
left join marts.dim_companies as companies using (company_id)
left join marts.dim_deposit_types as types using (deposit_type_id)
left join marts.fct_composition_predictions as predictions
    on predictions.project_id = projects.project_id and predictions.model_run_id = best.model_run_id
group by all
order by projects.project_name, projects.project_id
