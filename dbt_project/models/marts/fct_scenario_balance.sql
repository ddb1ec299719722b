select
    scenario,
    item,
    cast(year as int) as year, -- noqa: RF04
    basis,
    is_stated,
    demand_t,
    recycled_t,
    available_t,
    supplied_t,
    unmet_t,
    surplus_t,
    unmet_lower_90_t,
    unmet_median_t,
    unmet_upper_90_t,
    met_in_draws_pct
from {{ source('scenario', 'balance') }}
