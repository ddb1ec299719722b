-- Differences of reserves are findings; those of production are all within the rounding of the printed total.
select
    release,
    year,
    world_treo_t,
    sum_treo_t,
    rounding_t
from {{ ref('int_world_totals') }}
where total_of = 'mine_production' and not coalesce(is_within_rounding, false)
