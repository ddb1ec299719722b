select
    model_run_id,
    model_name,
    protocol,
    metric,
    target,
    stratum,
    value,
    standard_error,
    projects
from {{ source('ml', 'model_metrics') }}
