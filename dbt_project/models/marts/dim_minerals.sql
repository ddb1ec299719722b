select
    mineral,
    ima_name,
    formula,
    mineral_class,
    mineral_group,
    group_source,
    note
from {{ ref('stg_mineralogy__minerals') }}
