{{ config(schema='intermediate', contract={'enforced': false}) }}

select
    'continent_differs' as finding_type,
    locations.location_id as detail,
    {{ join_sorted('projects.project_id') }} as record_ids,
    concat(
        locations.location_text, ' is published under ', locations.continent_as_published,
        '; ', locations.country_name, ' is in ', locations.continent, ' by the rule used here.'
    ) as sentence,
    {{ join_sorted('projects.project_name', '; ') }} as evidence
from {{ ref('dim_projects') }} as projects
inner join {{ ref('dim_locations') }} as locations on projects.location_id = locations.location_id
where locations.is_continent_changed
group by
    locations.location_id, locations.location_text, locations.continent_as_published,
    locations.country_name, locations.continent
