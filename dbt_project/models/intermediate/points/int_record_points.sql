select
    reviewed.record_id,
    points.latitude_deg,
    points.longitude_deg,
    reviewed.coordinate_source,
    reviewed.coordinate_precision,
    -- How far sources disagree is said of deposits: a town or the middle of a region has one point.
    case
        when reviewed.coordinate_precision in ('deposit', 'district') then spreads.coordinate_spread_km
    end as coordinate_spread_km,
    reviewed.point_kind,
    reviewed.reason as coordinate_reason
from {{ ref('record_points') }} as reviewed
left join {{ ref('int_points') }} as points on reviewed.coordinate_source = points.coordinate_source
left join {{ ref('project_sites') }} as sites on reviewed.record_id = sites.project_id
left join {{ ref('int_site_points') }} as spreads on sites.site_id = spreads.site_id
