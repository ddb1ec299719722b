-- Every column of composition_best there is: not every file has mineral_basis.
select
    best.*, -- noqa: AM04
    oxides.element,
    oxides.oxide_order,
    oxides.pattern_order,
    oxides.oxide_to_element_factor,
    oxides.chondrite_ppm,
    oxides.is_ndpr,
    oxides.is_magnet
from marts.composition_best as best
inner join marts.dim_oxides as oxides
    on best.oxide = oxides.oxide
order by best.project_id, oxides.pattern_order
