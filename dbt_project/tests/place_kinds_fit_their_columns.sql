-- A place and a division lie in one division; a region that spans several has neither it nor a locality.
select
    location_id,
    place_kind,
    country_iso2,
    admin1_iso,
    locality
from {{ ref('dim_locations') }}
where not case place_kind
    when 'place' then admin1_iso is not null and locality is not null
    when 'admin1' then admin1_iso is not null and locality is null
    when 'region' then country_iso2 is not null and (admin1_iso is null) = (locality is null)
    when 'country' then country_iso2 is not null and admin1_iso is null and locality is null
    when 'multi_country' then coalesce(country_iso2, admin1_iso, locality) is null
    else coalesce(country_iso2, admin1_iso, locality) is null
end
