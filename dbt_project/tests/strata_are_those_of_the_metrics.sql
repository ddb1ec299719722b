-- The ensemble sorts projects in Python, the strata do it in SQL: both must count the same projects.
select
    metrics.stratum_kind,
    metrics.stratum,
    metrics.projects,
    strata.measured_projects
from {{ ref('int_current_metrics') }} as metrics
left join {{ ref('rpt_prediction_strata') }} as strata
    on metrics.stratum_kind = strata.stratum_kind and metrics.stratum = strata.stratum
where
    metrics.is_champion
    and metrics.protocol = 'grouped_cv'
    and metrics.metric = 'rmse_pct'
    and metrics.target = 'all'
    and coalesce(metrics.projects <> strata.measured_projects, true)
