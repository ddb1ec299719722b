select
    model_run_id,
    model_name,
    trained_at,
    seed,
    code_version,
    data_sha256,
    hyperparameters,
    chosen,
    training_rows,
    is_current,
    is_study
from {{ source('ml', 'model_runs') }}
