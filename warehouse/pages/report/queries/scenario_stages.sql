select
    supply.scenario,
    supply.item,
    supply.year,
    projects.scenario_stage,
    sum(supply.supplied_t) as supplied_t,
    count(*) as projects
from marts.fct_scenario_supply as supply
inner join marts.fct_scenario_projects as projects
    on supply.scenario = projects.scenario and supply.project_id = projects.project_id
where supply.supplied_t > 0
group by supply.scenario, supply.item, supply.year, projects.scenario_stage
order by supply.scenario, supply.item, supply.year, projects.scenario_stage
