select
    md5(
        concat_ws(
            '|',
            model_run_id,
            model_name,
            protocol,
            metric,
            target,
            stratum_kind,
            stratum,
            coalesce(cast(interval_level as string), ''),
            coalesce(compared_model_name, ''),
            coalesce(compared_protocol, '')
        )
    ) as metric_id,
    model_run_id,
    model_name,
    protocol,
    metric,
    target,
    stratum_kind,
    stratum,
    interval_level,
    compared_model_name,
    compared_protocol,
    value,
    standard_error,
    projects,
    sites
from {{ source('ml', 'model_metrics') }}
