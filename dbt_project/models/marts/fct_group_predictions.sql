select
    model_run_id,
    project_id,
    target,
    predicted_pct,
    lower_80_pct,
    upper_80_pct,
    lower_90_pct,
    upper_90_pct,
    prediction_kind,
    is_extrapolated,
    mineral_basis
from {{ source('ml', 'group_predictions') }}
