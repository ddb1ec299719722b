select
    predictions.model_run_id,
    predictions.project_id,
    predictions.oxide,
    predictions.predicted_pct,
    predictions.lower_80_pct,
    predictions.upper_80_pct,
    predictions.lower_90_pct,
    predictions.upper_90_pct,
    case
        when compositions.value_status = 'reported' then compositions.share_of_treo_pct
    end as observed_pct,
    predictions.prediction_kind,
    predictions.is_extrapolated,
    predictions.mineral_basis
from {{ ref('int_model_predictions') }} as predictions
left join {{ ref('fct_compositions') }} as compositions
    on
        predictions.project_id = compositions.project_id
        and predictions.oxide = compositions.oxide
        -- What the ensemble learned from and is judged by.
        and compositions.source = 'liu_2023'
