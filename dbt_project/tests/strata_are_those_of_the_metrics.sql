-- The ensemble sorts projects in Python, the strata do it in SQL: both must count the same projects, those
-- that models learn from.
with

learned as (

    select
        strata.stratum_kind,
        strata.stratum,
        count(distinct projects.project_id) as projects
    from {{ ref('int_project_strata') }} as strata
    inner join {{ ref('dim_projects') }} as projects on strata.project_id = projects.project_id
    inner join {{ ref('dim_compositions') }} as analyses on projects.project_id = analyses.project_id
    where
        projects.has_full_composition
        and analyses.source = 'liu_2023'
        and analyses.composition_basis not in ('mineral', 'concentrate')
        and coalesce(analyses.duplicate_of, '') not like 'liu_2023-%'
    group by strata.stratum_kind, strata.stratum

)

select
    metrics.stratum_kind,
    metrics.stratum,
    metrics.projects,
    learned.projects as learned_projects
from {{ ref('int_current_metrics') }} as metrics
left join learned
    on metrics.stratum_kind = learned.stratum_kind and metrics.stratum = learned.stratum
where
    metrics.is_champion
    -- Those of the headline figures are not sorted by int_project_strata.
    and metrics.stratum_kind not in ('yttrium_hosts', 'unmeasured', 'measured')
    and metrics.protocol = 'grouped_cv'
    and metrics.metric = 'rmse_pct'
    and metrics.target = 'all'
    and coalesce(metrics.projects <> learned.projects, true)
