select
    country_iso3,
    country_iso2,
    country_name,
    continent,
    is_transcontinental,
    subregion_m49,
    subregion
from {{ ref('countries') }}
