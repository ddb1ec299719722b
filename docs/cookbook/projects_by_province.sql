-- Question: which projects lie in which province of a country?
-- Grain: one row per first-level division, projects whose division is not known come last.
-- Parameter: country_iso3, any of marts.dim_countries: AUS, CAN or USA as well as CHN.
-- Caveat: an area over several divisions has none. dim_locations.mapping_reason says why a row has none.
with parameters as (
    select 'CHN' as country_iso3
)

select
    coalesce(locations.admin1_name, 'several or not known') as admin1_name,
    count(*) as projects,
    sum(projects.resource_treo_t) as resource_treo_t,
    string_agg(projects.project_name, ', ' order by projects.project_name) as project_names
from marts.dim_projects as projects
inner join marts.dim_locations as locations on projects.location_id = locations.location_id
inner join parameters on locations.country_iso3 = parameters.country_iso3
group by locations.admin1_name
order by locations.admin1_name asc nulls last
