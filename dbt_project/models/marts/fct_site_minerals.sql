select
    labels.site_id,
    labels.mineral,
    labels.rank,
    minerals.mineral_group,
    labels.evidence,
    labels.confidence,
    labels.reference,
    labels.reference_url,
    labels.source_record_key,
    labels.mineral_text
from {{ ref('site_minerals') }} as labels
inner join {{ ref('dim_minerals') }} as minerals on labels.mineral = minerals.mineral
inner join {{ ref('dim_sites') }} as sites on labels.site_id = sites.site_id
