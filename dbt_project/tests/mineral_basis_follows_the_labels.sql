-- A prediction of the current run names the confidence of the host that its project is labelled with.
select
    predictions.project_id,
    predictions.mineral_basis,
    labels.confidence
from {{ ref('fct_composition_predictions') }} as predictions
inner join {{ ref('dim_model_runs') }} as runs on predictions.model_run_id = runs.model_run_id
left join {{ ref('fct_project_minerals') }} as labels
    on predictions.project_id = labels.project_id and labels.rank = 1
where runs.is_current and predictions.mineral_basis <> coalesce(labels.confidence, 'none')
