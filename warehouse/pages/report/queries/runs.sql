select
    model_run_id,
    model_name,
    trained_at,
    seed,
    code_version,
    data_sha256,
    training_rows,
    is_current,
    is_study
from marts.dim_model_runs
order by trained_at desc
