select
    site_id,
    site_name as name, -- noqa: RF04
    deposit_family as family, -- noqa: RF04
    country_name,
    origin_source_id,
    latitude_deg,
    longitude_deg
from marts.dim_sites
where not is_in_liu2023 and coordinate_precision in ('deposit', 'district', 'locality')
order by site_id
