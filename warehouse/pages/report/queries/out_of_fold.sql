select
    predictions.project_id,
    projects.project_name as name, -- noqa: RF04
    predictions.oxide,
    predictions.observed_pct,
    predictions.predicted_pct,
    predictions.lower_90_pct,
    predictions.upper_90_pct,
    coalesce(deposit_types.deposit_family, 'unknown') as family -- noqa: RF04
from marts.fct_composition_predictions as predictions
inner join marts.dim_model_runs as runs
    on predictions.model_run_id = runs.model_run_id
inner join marts.dim_oxides as oxides
    on predictions.oxide = oxides.oxide
inner join marts.dim_projects as projects
    on predictions.project_id = projects.project_id
left join marts.dim_deposit_types as deposit_types
    on projects.deposit_type_id = deposit_types.deposit_type_id
where
    runs.is_current
    and predictions.prediction_kind = 'out_of_fold'
    and predictions.observed_pct is not null
order by oxides.oxide_order, predictions.project_id
