select
    country_iso3,
    country_iso2,
    country_name,
    continent
from {{ ref('countries') }}
