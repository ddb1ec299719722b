-- Projects of one site, and the plants there, are in one first-level division.
with

records as (

    select
        project_id as record_id,
        site_id,
        location_id
    from {{ ref('dim_projects') }}
    union all
    select
        plants.plant_id as record_id,
        sites.site_id,
        plants.location_id
    from {{ ref('dim_plants') }} as plants
    inner join {{ ref('plant_sites') }} as sites on plants.plant_id = sites.plant_id

)

select
    records.site_id,
    {{ join_sorted("concat(records.record_id, ' ', coalesce(locations.admin1_name, 'none'))") }} as divisions
from records
inner join {{ ref('dim_locations') }} as locations on records.location_id = locations.location_id
group by records.site_id
having count(distinct coalesce(locations.admin1_iso, 'none')) > 1
