select
    metrics.model_name,
    metrics.protocol,
    metrics.metric,
    metrics.target,
    metrics.stratum_kind,
    metrics.stratum,
    metrics.interval_level,
    metrics.compared_model_name,
    metrics.compared_protocol,
    metrics.value,
    metrics.standard_error,
    metrics.projects,
    metrics.sites,
    metrics.model_name = runs.model_name as is_champion,
    metrics.compared_model_name = runs.model_name as is_compared_with_champion
from {{ source('ml', 'model_metrics') }} as metrics
inner join {{ source('ml', 'model_runs') }} as runs on metrics.model_run_id = runs.model_run_id
where runs.is_current
