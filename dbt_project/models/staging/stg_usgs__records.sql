select
    source_record_key,
    publication_id,
    record_number,
    record_name,
    nullif(other_names, '') as other_names,
    nullif(record_country, '') as record_country,
    nullif(record_division, '') as record_division,
    nullif(record_deposit_type, '') as record_deposit_type,
    nullif(record_commodities, '') as record_commodities,
    nullif(record_status, '') as record_status,
    nullif(latitude_as_published, '') as latitude_as_published,
    nullif(longitude_as_published, '') as longitude_as_published,
    {{ parse_decimal('latitude_deg') }} as latitude_deg,
    {{ parse_decimal('longitude_deg') }} as longitude_deg,
    selection
from {{ source('raw', 'usgs__records') }}
