-- Every rare earth is in every ore: a share that nobody printed is small, not zero, and has an interval.
select
    project_id,
    oxide,
    best_pct,
    value_origin,
    lower_90_pct,
    upper_90_pct
from {{ ref('composition_best') }}
where
    best_pct <= 0
    or (
        value_origin <> 'reported'
        and coalesce(best_pct < lower_90_pct or best_pct > upper_90_pct or lower_90_pct >= upper_90_pct, true)
    )
