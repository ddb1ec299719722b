select
    cells.composition_id,
    cells.oxide,
    compositions.source,
    compositions.project_id,
    compositions.site_id,
    compositions.composition_basis,
    compositions.is_chosen,
    cells.share_of_treo_pct,
    cells.share_of_tree_pct,
    cells.value_status,
    cells.share_basis,
    cells.share_as_published,
    cells.content_ppm
from {{ ref('int_compositions') }} as cells
inner join
    {{ ref('dim_compositions') }} as compositions
    on cells.composition_id = compositions.composition_id
