select
    predictions.project_id,
    projects.project_name as name,
    predictions.oxide,
    coalesce(types.deposit_family, 'unknown') as family,
    predictions.observed_pct,
    predictions.predicted_pct,
    predictions.lower_90_pct,
    predictions.upper_90_pct
from marts.fct_composition_predictions as predictions
inner join marts.dim_model_runs as runs using (model_run_id)
inner join marts.dim_oxides as oxides using (oxide)
inner join marts.dim_projects as projects using (project_id)
left join marts.dim_deposit_types as types using (deposit_type_id)
where runs.is_current and predictions.prediction_kind = 'out_of_fold' and predictions.observed_pct is not null
order by oxides.oxide_order, predictions.project_id
