-- depends_on: {{ ref('fct_scenario_projects') }}
select
    scenario,
    oxide,
    cast(year as int) as year, -- noqa: RF04
    produced_t,
    produced_lower_90_t,
    produced_upper_90_t
from {{ source('scenario', 'oxides') }}
