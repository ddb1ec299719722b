select
    variants.variant,
    projects.project_id,
    nullif(variants.mineral, '') as mineral,
    minerals.mineral_group,
    variants.reason
from {{ ref('mineral_label_variants') }} as variants
inner join {{ ref('dim_projects') }} as projects on variants.project_number = projects.project_number
left join {{ ref('dim_minerals') }} as minerals on variants.mineral = minerals.mineral
