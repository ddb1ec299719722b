-- A project whose place is mapped to no country is missing from every count by country.
select
    projects.project_id,
    locations.location_as_published
from {{ ref('dim_projects') }} as projects
inner join {{ ref('dim_locations') }} as locations on projects.location_id = locations.location_id
where locations.country_iso3 is null
