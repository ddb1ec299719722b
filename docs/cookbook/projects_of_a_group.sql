-- Question: which projects belong to a group, its subsidiaries included?
-- Grain: one row per project and company of the group that holds it.
-- Parameter: group_company_id, the company_id of the parent.
-- Caveat: parents are those that the published table or reviewed evidence names. A group has no others here.
with parameters as (
    select 'phosagro' as group_company_id
)

select
    companies.group_company_name,
    companies.company_name,
    projects.project_name,
    locations.country_name,
    projects.stage,
    projects.resource_treo_t
from marts.dim_companies as companies
inner join parameters on companies.group_company_id = parameters.group_company_id
inner join marts.bridge_project_companies as held on companies.company_id = held.company_id
inner join marts.dim_projects as projects on held.project_id = projects.project_id
left join marts.dim_locations as locations on projects.location_id = locations.location_id
order by companies.company_name asc, projects.project_id asc
