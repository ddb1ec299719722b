select
    scenario,
    item,
    year,
    basis,
    is_stated,
    demand_t,
    recycled_t,
    supplied_t,
    unmet_t,
    unmet_lower_90_t,
    unmet_upper_90_t,
    met_in_draws_pct
from marts.fct_scenario_balance
order by scenario, item, year
