select
    scenario,
    project_id,
    item,
    cast(year as int) as year, -- noqa: RF04
    available_t,
    supplied_t
from {{ source('scenario', 'supply') }}
