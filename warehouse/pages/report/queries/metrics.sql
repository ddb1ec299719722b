select
    metrics.model_name,
    metrics.protocol,
    metrics.metric,
    metrics.target,
    metrics.stratum,
    metrics.value,
    metrics.standard_error,
    metrics.projects,
    runs.model_name = metrics.model_name as is_published
from marts.fct_model_metrics as metrics
inner join marts.dim_model_runs as runs
    on metrics.model_run_id = runs.model_run_id
where runs.is_current
order by metrics.model_name, metrics.protocol, metrics.metric, metrics.target, metrics.stratum
