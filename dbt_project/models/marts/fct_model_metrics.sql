select
    model_run_id,
    model_name,
    protocol,
    metric,
    target,
    value,
    standard_error
from {{ source('ml', 'model_metrics') }}
