-- A slip within one country shows in the division alone.
with

judged as (

    select source_record_key
    from {{ ref('site_record_links') }}
    where point_verdict = 'wrong'
    union
    select source_record_key
    from {{ ref('record_point_faults') }}
    union
    select source_record_key
    from {{ ref('record_division_faults') }}

)

select records.source_record_key
from {{ ref('stg_usgs__records') }} as records
inner join {{ ref('record_divisions') }} as divisions
    on
        records.record_country = divisions.record_country
        and records.record_division = divisions.record_division
left join {{ ref('int_point_outlines') }} as outlines
    on
        records.source_record_key = outlines.coordinate_source
        and divisions.outline_id = outlines.outline_id
        and (outlines.is_inside or outlines.distance_to_outline_km <= {{ var('record_tolerance_km') }})
left join judged on records.source_record_key = judged.source_record_key
where
    records.latitude_deg is not null
    and divisions.outline_id is not null
    and outlines.outline_id is null
    and judged.source_record_key is null
union all
-- A division that is printed is mapped, or said to have no outline.
select records.source_record_key
from {{ ref('stg_usgs__records') }} as records
left join {{ ref('record_divisions') }} as divisions
    on
        records.record_country = divisions.record_country
        and records.record_division = divisions.record_division
where records.record_division is not null and divisions.record_division is null
