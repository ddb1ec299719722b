-- Where records of one printed place are in different divisions, each of them says why in its override.
with

records as (

    select
        project_id as record_id,
        location_id
    from {{ ref('dim_projects') }}
    union all
    select
        plant_id as record_id,
        location_id
    from {{ ref('dim_plants') }}

),

placed as (

    select
        records.record_id,
        lower(locations.location_text) as location_text,
        coalesce(locations.admin1_iso, 'none') as admin1_iso,
        locations.mapping_judgement
    from records
    inner join {{ ref('dim_locations') }} as locations on records.location_id = locations.location_id
    where locations.location_text is not null

),

divided as (

    select location_text
    from placed
    group by location_text
    having count(distinct admin1_iso) > 1

)

select
    placed.record_id,
    placed.location_text,
    placed.admin1_iso
from placed
inner join divided on placed.location_text = divided.location_text
where placed.mapping_judgement <> 'override'
