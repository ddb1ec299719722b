select
    scenario,
    item,
    year, -- noqa: RF04
    demand_t,
    basis,
    evidence,
    note
from {{ ref('scenario_demands') }}
