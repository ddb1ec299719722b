select
    strata.stratum_kind,
    strata.stratum,
    patterns.oxide,
    count(patterns.ratio) as measured_projects,
    median(patterns.ratio) as published_ratio_median,
    median(patterns.out_of_fold_ratio) as out_of_fold_ratio_median
from {{ ref('fct_composition_patterns') }} as patterns
inner join {{ ref('dim_projects') }} as projects on patterns.project_id = projects.project_id
inner join {{ ref('int_project_strata') }} as strata on patterns.project_id = strata.project_id
where projects.has_full_composition and strata.stratum_kind in ('family', 'host_group')
group by strata.stratum_kind, strata.stratum, patterns.oxide
