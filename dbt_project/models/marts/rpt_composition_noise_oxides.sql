select
    pairs.oxide,
    cast(count(*) as int) as pairs,
    round(median((pairs.first_share_pct + pairs.other_share_pct) / 2), 6) as share_pct_median,
    round(median(abs(pairs.first_share_pct - pairs.other_share_pct)), 6) as difference_points_median,
    round(max(abs(pairs.first_share_pct - pairs.other_share_pct)), 6) as difference_points_max,
    round(median(
        200 * abs(pairs.first_share_pct - pairs.other_share_pct)
        / (pairs.first_share_pct + pairs.other_share_pct)
    ), 6) as relative_difference_pct_median
from {{ ref('int_composition_pairs') }} as pairs
where pairs.is_clean
group by pairs.oxide
