-- Every column of composition_best there is: not every file has mineral_basis.
select
    best.*, -- noqa: AM04
    oxides.element,
    oxides.oxide_order,
    oxides.pattern_order,
    patterns.ratio,
    patterns.lower_90_ratio,
    patterns.upper_90_ratio,
    oxides.is_ndpr,
    oxides.is_magnet
from marts.composition_best as best
inner join marts.dim_oxides as oxides
    on best.oxide = oxides.oxide
inner join marts.fct_composition_patterns as patterns
    on best.project_id = patterns.project_id and best.oxide = patterns.oxide
order by best.project_id, oxides.pattern_order
