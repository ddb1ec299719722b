select
    spreads.site_id,
    sites.site_name,
    sites.is_in_liu2023,
    spreads.credible_points,
    spreads.wrong_points,
    spreads.coordinate_spread_km,
    spreads.all_points_spread_km,
    spreads.farthest_keys,
    reasons.spread_reason
from {{ ref('int_site_points') }} as spreads
inner join {{ ref('dim_sites') }} as sites on spreads.site_id = sites.site_id
left join {{ ref('coordinate_spread_reasons') }} as reasons on spreads.site_id = reasons.site_id
where spreads.all_points_spread_km is not null
