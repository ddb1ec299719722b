select
    location_id,
    location_as_published,
    country_name,
    country_iso3,
    admin1_name,
    continent,
    is_continent_changed
from marts.dim_locations
order by location_id
