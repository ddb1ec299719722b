select coalesce(spreads.site_id, reasons.site_id) as site_id
from (
    select site_id from {{ ref('int_site_points') }}
    where all_points_spread_km > {{ var('coordinate_spread_explained_km') }}
) as spreads
full outer join {{ ref('coordinate_spread_reasons') }} as reasons on spreads.site_id = reasons.site_id
where spreads.site_id is null or reasons.site_id is null
