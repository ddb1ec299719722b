select
    stratum,
    interval_level,
    covered_pct,
    covered_standard_error_pct,
    measured_projects
from marts.rpt_interval_coverage
where
    protocol = 'published_intervals'
    and stratum_kind = 'family'
    and target = 'all'
order by measured_projects desc, stratum asc, interval_level asc
