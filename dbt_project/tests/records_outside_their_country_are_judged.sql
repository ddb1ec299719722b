with

outside as (

    select records.source_record_key
    from {{ ref('stg_usgs__records') }} as records
    left join {{ ref('record_countries') }} as countries on records.record_country = countries.record_country
    left join {{ ref('int_point_outlines') }} as outlines
        on
            records.source_record_key = outlines.coordinate_source
            and countries.country_iso2 = outlines.outline_id
            and (outlines.is_inside or outlines.distance_to_outline_km <= {{ var('record_tolerance_km') }})
    where
        records.latitude_deg is not null
        and outlines.outline_id is null
        and coalesce(countries.country_iso2, '') <> ''

),

unknown_countries as (

    select records.source_record_key
    from {{ ref('stg_usgs__records') }} as records
    left join {{ ref('record_countries') }} as countries on records.record_country = countries.record_country
    where records.record_country is not null and countries.record_country is null

)

select coalesce(outside.source_record_key, faults.source_record_key) as source_record_key
from outside
full outer join {{ ref('record_point_faults') }} as faults
    on outside.source_record_key = faults.source_record_key
where outside.source_record_key is null or faults.source_record_key is null
union all
select source_record_key from unknown_countries
