select
    region_id,
    region_name,
    region_kind,
    description
from {{ ref('regions') }}
