select
    shares.composition_id,
    shares.oxide,
    compositions.source,
    compositions.project_id,
    compositions.site_id,
    compositions.composition_basis,
    compositions.is_chosen,
    shares.share_of_treo_pct,
    shares.share_of_tree_pct,
    shares.value_status,
    shares.share_basis,
    shares.share_as_published,
    shares.content_ppm
from {{ ref('int_compositions') }} as shares
inner join
    {{ ref('dim_compositions') }} as compositions
    on shares.composition_id = compositions.composition_id
