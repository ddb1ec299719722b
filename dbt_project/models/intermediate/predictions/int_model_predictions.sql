-- The ensemble reads these marts and writes the table below, outside dbt.
-- depends_on: {{ ref('dim_projects') }}
-- depends_on: {{ ref('dim_deposit_types') }}
-- depends_on: {{ ref('fct_compositions') }}
-- depends_on: {{ ref('fct_project_minerals') }}
-- depends_on: {{ ref('int_reference_study_inputs') }}
select
    predictions.model_run_id,
    predictions.project_id,
    predictions.oxide,
    predictions.predicted_pct,
    predictions.lower_80_pct,
    predictions.upper_80_pct,
    predictions.lower_90_pct,
    predictions.upper_90_pct,
    predictions.prediction_kind,
    predictions.is_extrapolated,
    predictions.mineral_basis,
    runs.is_current
from {{ source('ml', 'composition_predictions') }} as predictions
inner join {{ source('ml', 'model_runs') }} as runs
    on predictions.model_run_id = runs.model_run_id
