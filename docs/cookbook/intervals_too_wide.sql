-- Question: for which projects is a prediction too uncertain to use?
-- Grain: one row per project without a full published composition whose interval is wider than the
--   threshold, or that lies outside what the ensemble was trained on, the widest first.
-- Parameters: sum_of_oxides is hree, ndpr or magnet (sums have intervals of their own, as errors of
--   oxides go together), max_width_pct is how wide a 90 % interval you can live with, in per cent of
--   TREO. 20 is an example: set your own.
-- Caveat: the interval is of a share of TREO and says nothing of resource or grade. A project outside the
--   training range is listed however narrow its interval is. A sum whose oxides are all published has no
--   interval and is not listed.
with parameters as (
    select
        'ndpr' as sum_of_oxides,
        20.0 as max_width_pct
),

widths as (
    select
        predictions.*,
        predictions.upper_90_pct - predictions.lower_90_pct as width_90_pct,
        predictions.upper_90_pct - predictions.lower_90_pct > parameters.max_width_pct as is_too_wide
    from marts.fct_group_predictions as predictions
    inner join parameters on predictions.target = parameters.sum_of_oxides
    inner join marts.dim_model_runs as runs on predictions.model_run_id = runs.model_run_id
    where
        runs.is_current
        and predictions.prediction_kind <> 'out_of_fold'
        and predictions.upper_90_pct > predictions.lower_90_pct
)

select
    projects.project_name,
    locations.country_name,
    deposit_types.deposit_family,
    widths.predicted_pct,
    widths.lower_90_pct,
    widths.upper_90_pct,
    widths.width_90_pct,
    widths.is_too_wide,
    widths.is_extrapolated
from widths
inner join marts.dim_projects as projects on widths.project_id = projects.project_id
left join marts.dim_locations as locations on projects.location_id = locations.location_id
left join marts.dim_deposit_types as deposit_types on projects.deposit_type_id = deposit_types.deposit_type_id
where widths.is_too_wide or widths.is_extrapolated
-- Equal widths differ in their last digits from machine to machine.
order by round(widths.width_90_pct, 6) desc, projects.project_id asc
