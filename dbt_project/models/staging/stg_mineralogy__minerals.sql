select
    mineral,
    nullif(ima_name, '') as ima_name,
    nullif(formula, '') as formula,
    mineral_class,
    mineral_group,
    group_source,
    nullif(note, '') as note
from {{ source('raw', 'mineralogy__minerals') }}
