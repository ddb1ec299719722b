select
    locations.continent_as_published as continent,
    count(*) as projects
from {{ ref('dim_projects') }} as projects
inner join {{ ref('dim_locations') }} as locations on projects.location_id = locations.location_id
group by locations.continent_as_published
