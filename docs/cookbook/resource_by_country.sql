-- Question: how much rare-earth oxide is reported in the ground, by country?
-- Grain: one row per country.
-- Caveat: resources are as published but for reviewed corrections (quality.cell_changes), of all categories
--   and dates, before losses: they are not reserves. A project that states none adds nothing:
--   projects_stating counts those that do.
select
    coalesce(locations.country_name, 'not stated') as country_name,
    count(*) as projects,
    count(projects.resource_treo_t) as projects_stating,
    sum(projects.resource_treo_t) as resource_treo_t
from marts.dim_projects as projects
left join marts.dim_locations as locations on projects.location_id = locations.location_id
group by coalesce(locations.country_name, 'not stated')
order by resource_treo_t desc nulls last, country_name asc
