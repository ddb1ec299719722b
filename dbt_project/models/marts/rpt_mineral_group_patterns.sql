with

measured as (

    select
        labels.mineral_group,
        projects.project_id,
        projects.project_name,
        labels.mineral,
        patterns.hree_pct,
        patterns.la_yb_n,
        patterns.eu_anomaly
    from {{ ref('dim_projects') }} as projects
    inner join {{ ref('fct_project_minerals') }} as labels on projects.project_id = labels.project_id
    inner join {{ ref('fct_project_geochemistry') }} as patterns on projects.project_id = patterns.project_id
    where projects.has_full_composition and labels.rank = 1

),

summarised as (

    select
        mineral_group,
        count(*) as measured_projects,
        median(hree_pct) as hree_pct_median,
        min(hree_pct) as hree_pct_min,
        max(hree_pct) as hree_pct_max,
        median(la_yb_n) as la_yb_n_median,
        median(eu_anomaly) as eu_anomaly_median
    from measured
    group by mineral_group

),

ordered as (

    select
        measured.*,
        row_number() over (
            partition by measured.mineral_group
            order by abs(measured.hree_pct - summarised.hree_pct_median) desc, measured.project_id asc
        ) as place
    from measured
    inner join summarised on measured.mineral_group = summarised.mineral_group

)

select
    summarised.*,
    ordered.project_id as farthest_project_id,
    ordered.project_name as farthest_project_name,
    ordered.mineral as farthest_mineral,
    ordered.hree_pct as farthest_hree_pct
from summarised
inner join ordered on summarised.mineral_group = ordered.mineral_group
where ordered.place = 1
