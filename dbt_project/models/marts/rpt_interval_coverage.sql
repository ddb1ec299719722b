with

wide as (

    select
        protocol,
        stratum_kind,
        stratum,
        target,
        interval_level,
        max(projects) as measured_projects,
        100 * max(case when metric = 'coverage' then value end) as covered_pct,
        100 * max(case when metric = 'coverage' then standard_error end) as covered_standard_error_pct,
        100 * max(case when metric = 'whole_coverage' then value end) as whole_covered_pct,
        max(case when metric = 'mean_width_pct' then value end) as mean_width_pct,
        max(case when metric = 'mean_width_pct' then standard_error end) as mean_width_standard_error_pct
    from {{ ref('int_current_metrics') }}
    where is_champion and interval_level is not null
    group by protocol, stratum_kind, stratum, target, interval_level

)

select
    protocol,
    stratum_kind,
    stratum,
    target,
    interval_level,
    measured_projects,
    covered_pct,
    covered_standard_error_pct,
    covered_pct - interval_level as covered_minus_level_pct,
    mean_width_pct,
    mean_width_standard_error_pct,
    whole_covered_pct,
    measured_projects >= {{ var('coverage_judged_projects') }}
    and abs(covered_pct - interval_level) > {{ var('coverage_tolerance_pct') }} as is_off
from wide
