-- Question: which mines are at work?
-- Grain: one row per project in production in the table's year (2022).
-- Caveat: what the published table says of 2022. since_year is the year it gives for the start of
--   production, null where it gives none. An area that the table lists as one project (South China) is one
--   row.
select
    projects.project_name,
    locations.country_name,
    locations.admin1_name,
    companies.company_name,
    statuses.effective_year as since_year,
    projects.resource_treo_t
from marts.dim_projects as projects
inner join marts.fct_project_statuses as statuses on projects.project_id = statuses.project_id
left join marts.dim_locations as locations on projects.location_id = locations.location_id
left join marts.dim_companies as companies on projects.company_id = companies.company_id
where projects.is_at_work and statuses.is_current
order by locations.country_name asc nulls last, projects.project_name asc
