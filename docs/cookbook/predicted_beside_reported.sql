-- Question: what had the ensemble expected of a share that is published, and does its interval hold it?
-- Grain: one row per project whose composition is fully published, for one oxide, the worst miss first.
-- Parameter: oxide, any of marts.dim_oxides.
-- Caveat: predictions here are out of fold, by members that never saw the project's site. A printed zero
--   that probably means "not analysed" is not a measurement: observed_pct is null there, and the row is left
--   out.
with parameters as (
    select 'Nd2O3' as oxide
)

select
    projects.project_name,
    locations.country_name,
    deposit_types.deposit_family,
    predictions.oxide,
    predictions.observed_pct as reported_pct,
    predictions.predicted_pct,
    predictions.lower_90_pct,
    predictions.upper_90_pct,
    predictions.predicted_pct - predictions.observed_pct as error_pct,
    predictions.observed_pct between predictions.lower_90_pct and predictions.upper_90_pct as is_within_90
from marts.fct_composition_predictions as predictions
inner join parameters on predictions.oxide = parameters.oxide
inner join marts.dim_model_runs as runs on predictions.model_run_id = runs.model_run_id
inner join marts.dim_projects as projects on predictions.project_id = projects.project_id
left join marts.dim_locations as locations on projects.location_id = locations.location_id
left join marts.dim_deposit_types as deposit_types on projects.deposit_type_id = deposit_types.deposit_type_id
where
    runs.is_current
    and predictions.prediction_kind = 'out_of_fold'
    and predictions.observed_pct is not null
order by abs(predictions.predicted_pct - predictions.observed_pct) desc, projects.project_id asc
