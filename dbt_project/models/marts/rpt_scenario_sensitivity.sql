select
    scenario,
    parameter,
    range_end,
    parameter_value,
    item,
    unmet_total_t,
    unmet_change_t,
    cast(first_met_year as int) as first_met_year
from {{ source('scenario', 'sensitivity') }}
