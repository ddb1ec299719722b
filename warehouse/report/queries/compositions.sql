select
    best.*,
    oxides.element,
    oxides.oxide_order,
    oxides.pattern_order,
    oxides.oxide_to_element_factor,
    oxides.chondrite_ppm,
    oxides.is_ndpr,
    oxides.is_magnet
from marts.composition_best as best
inner join marts.dim_oxides as oxides using (oxide)
order by best.project_id, oxides.pattern_order
