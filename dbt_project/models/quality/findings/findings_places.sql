{{ config(schema='intermediate', contract={'enforced': false}) }}

with

records as (

    select
        project_id as record_id,
        project_name as record_name,
        location_id
    from {{ ref('dim_projects') }}
    union all
    select
        plant_id as record_id,
        plant_name as record_name,
        location_id
    from {{ ref('dim_plants') }}

)

select
    'continent_differs' as finding_type,
    locations.location_id as detail,
    {{ join_sorted('projects.project_id') }} as record_ids,
    concat(
        'The published table puts ', locations.location_text, ' in ', locations.continent_as_published,
        '; here continent follows the country, and ',
        locations.country_name, ' is in ', locations.continent, '.'
    ) as sentence,
    {{ join_sorted('projects.project_name', '; ') }} as evidence
from {{ ref('dim_projects') }} as projects
inner join {{ ref('dim_locations') }} as locations on projects.location_id = locations.location_id
where locations.is_continent_changed
group by
    locations.location_id, locations.location_text, locations.continent_as_published,
    locations.country_name, locations.continent

union all

select
    'division_unknown' as finding_type,
    locations.location_id as detail,
    {{ join_sorted('records.record_id') }} as record_ids,
    concat(
        {{ join_sorted('records.record_name', ' and ') }}, ' in ', locations.country_name,
        ' is in no single first-level division, or in one that is not known.'
    ) as sentence,
    locations.mapping_reason as evidence
from records
inner join {{ ref('dim_locations') }} as locations on records.location_id = locations.location_id
where locations.country_iso3 is not null and locations.admin1_iso is null
group by locations.location_id, locations.country_name, locations.mapping_reason
