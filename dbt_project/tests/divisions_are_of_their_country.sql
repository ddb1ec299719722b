-- A code of ISO 3166-2 begins with that of its country, and a place in a division is in its country.
select
    admin1_iso,
    country_iso2
from {{ ref('divisions') }}
where admin1_iso not like country_iso2 || '-%'

union all

select
    admin1_iso,
    country_iso2
from {{ ref('dim_locations') }}
where
    admin1_iso not like coalesce(country_iso2, '') || '-%'
    or (admin1_iso is not null and admin1_name is null)
