-- A sign or an order mistaken puts a point into another country or the sea.
select
    sites.site_id,
    sites.coordinate_source,
    sites.country_iso2
from {{ ref('int_deposit_sites') }} as sites
left join {{ ref('int_point_outlines') }} as outlines
    on
        sites.coordinate_source = outlines.coordinate_source
        and sites.country_iso2 = outlines.outline_id
        and (outlines.is_inside or outlines.distance_to_outline_km <= {{ var('record_tolerance_km') }})
-- A fault that the outline has, not the point, is judged.
left join {{ ref('record_point_faults') }} as faults
    on sites.coordinate_source = faults.source_record_key and faults.point_fault = 'outline'
where
    sites.coordinate_precision in ('deposit', 'district', 'locality')
    and outlines.outline_id is null
    and faults.source_record_key is null
