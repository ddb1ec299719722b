select
    coverage.target,
    coverage.interval_level,
    coverage.covered_pct,
    coverage.covered_standard_error_pct,
    coverage.measured_projects
from marts.rpt_interval_coverage as coverage
left join marts.dim_oxides as oxides
    on coverage.target = oxides.oxide
where
    coverage.protocol = 'published_intervals'
    and coverage.stratum_kind = 'all'
order by oxides.oxide_order asc nulls last, coverage.target desc, coverage.interval_level asc
