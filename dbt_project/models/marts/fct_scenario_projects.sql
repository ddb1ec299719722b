-- depends_on: {{ ref('dim_projects') }}
-- depends_on: {{ ref('composition_best') }}
-- depends_on: {{ ref('fct_composition_draws') }}
-- depends_on: {{ ref('fct_site_values') }}
-- depends_on: {{ ref('fct_production') }}
-- depends_on: {{ ref('fct_plant_capacities') }}
-- depends_on: {{ ref('dim_scenario_parameters') }}
-- depends_on: {{ ref('fct_scenario_demands') }}
select
    scenario,
    cast(merit_order as int) as merit_order,
    project_id,
    project_name,
    country_iso3,
    scenario_stage,
    scenario_role,
    cast(left_out_reason as varchar) as left_out_reason,
    value_usd,
    rate_treo_t_per_year,
    rate_basis,
    recoverable_treo_t,
    cast(earliest_year as int) as earliest_year,
    cast(start_year as int) as start_year,
    cast(first_supply_year as int) as first_supply_year,
    produced_treo_t
from {{ source('scenario', 'projects') }}
