-- The records of deposits in other sources than the published tables, in one shape.
select
    source_record_key,
    publication_id,
    record_name,
    other_names,
    record_country,
    record_deposit_type,
    latitude_deg,
    longitude_deg,
    cast(null as double) as source_ore_t,
    cast(null as double) as source_grade_treo_wt_pct
from {{ ref('stg_usgs__records') }}
union all
select
    source_record_key,
    source as publication_id,
    source_site as record_name,
    cast(null as string) as other_names,
    source_country as record_country,
    source_deposit_type as record_deposit_type,
    cast(null as double) as latitude_deg,
    cast(null as double) as longitude_deg,
    source_ore_t,
    source_grade_treo_wt_pct
from {{ ref('stg_weng_2015__sites') }}
