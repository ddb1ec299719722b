-- A locality lies within its division: it has no name of something wider, and is not in two divisions.
with

wider_names as (

    select country_name as wider_name from {{ ref('countries') }}
    union
    select continent from {{ ref('countries') }}
    union
    select subregion from {{ ref('countries') }}
    union
    select region_name from {{ ref('regions') }}

)

select
    locations.location_id,
    locations.locality
from {{ ref('dim_locations') }} as locations
inner join wider_names on lower(locations.locality) = lower(wider_names.wider_name)

union all

-- A city may be a division of its own (Daejeon); a region is not.
select
    locations.location_id,
    locations.locality
from {{ ref('dim_locations') }} as locations
inner join {{ ref('divisions') }} as divisions
    on
        lower(locations.locality) = lower(divisions.admin1_name)
        and (locations.admin1_iso <> divisions.admin1_iso or locations.place_kind <> 'place')

union all

select
    min(location_id) as location_id,
    locality
from {{ ref('dim_locations') }}
where locality is not null
group by locality, country_iso2
having count(distinct admin1_iso) > 1
