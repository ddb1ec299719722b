select
    outline_id,
    outline_level,
    country_iso2,
    outline_name,
    {{ parse_decimal('middle_latitude_deg') }} as middle_latitude_deg,
    {{ parse_decimal('middle_longitude_deg') }} as middle_longitude_deg
from {{ source('raw', 'natural_earth_outlines__outlines') }}
