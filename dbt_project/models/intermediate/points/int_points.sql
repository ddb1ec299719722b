-- Every point that a record's place may be taken from.
select
    source_record_key as coordinate_source,
    latitude_deg,
    longitude_deg
from {{ ref('stg_usgs__records') }}
where latitude_deg is not null
union all
select
    place_key as coordinate_source,
    latitude_deg,
    longitude_deg
from {{ ref('stg_gazetteer__places') }}
union all
select
    concat('natural_earth:', outline_id) as coordinate_source,
    middle_latitude_deg as latitude_deg,
    middle_longitude_deg as longitude_deg
from {{ ref('stg_natural_earth_outlines__outlines') }}
