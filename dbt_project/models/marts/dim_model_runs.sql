select
    model_run_id,
    model_name,
    trained_at,
    seed,
    code_version,
    data_sha256,
    run_key,
    hyperparameters,
    chosen,
    training_rows,
    is_current,
    is_study,
    is_study
    and row_number() over (partition by model_name, is_study order by trained_at desc, model_run_id asc) = 1
        as is_latest_study
from {{ source('ml', 'model_runs') }}
