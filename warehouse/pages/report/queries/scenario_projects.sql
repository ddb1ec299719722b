select
    scenario,
    merit_order,
    project_name,
    country_iso3,
    scenario_stage,
    value_usd,
    rate_treo_t_per_year,
    rate_basis,
    start_year
from marts.fct_scenario_projects
where start_year is not null
order by scenario, merit_order
