select
    place_key,
    gazetteer_name,
    nullif(country_iso2, '') as country_iso2,
    {{ parse_decimal('latitude_deg') }} as latitude_deg,
    {{ parse_decimal('longitude_deg') }} as longitude_deg,
    place_class,
    reference
from {{ source('raw', 'gazetteer__places') }}
