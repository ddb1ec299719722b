select
    plants.plant_id,
    named.mineral,
    named.source_column,
    named.role,
    minerals.mineral_group,
    named.text_as_published,
    named.reason
from {{ ref('plant_minerals') }} as named
inner join {{ ref('dim_plants') }} as plants on named.plant_number = plants.plant_number
inner join {{ ref('dim_minerals') }} as minerals on named.mineral = minerals.mineral
