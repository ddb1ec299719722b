-- Question: which plants were expected next, in which year, at which stage?
-- Grain: one row per plant and expected stage, the dated ones first.
-- Caveat: expectations as the study printed them in 2022. What came of them is not checked here. A stage
--   expected without a year has no year and comes last. plants_in_year counts the plants of the row's
--   year, where there is one. capacity_as_published is the text of the cell. Its figures are in
--   fct_plant_capacities.
select
    statuses.effective_year as expected_year,
    statuses.stage as expected_stage,
    plants.plant_name,
    locations.country_name,
    companies.company_name,
    plants.stage as current_stage,
    plants.capacity_as_published,
    case
        when statuses.effective_year is not null
            then count(*) over (partition by statuses.effective_year)
    end as plants_in_year
from marts.fct_plant_statuses as statuses
inner join marts.dim_plants as plants on statuses.plant_id = plants.plant_id
left join marts.dim_locations as locations on plants.location_id = locations.location_id
left join marts.dim_companies as companies on plants.company_id = companies.company_id
where statuses.is_expected
order by statuses.effective_year asc nulls last, statuses.stage_order asc, plants.plant_id asc
