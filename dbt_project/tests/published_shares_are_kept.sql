-- A share that was published is the best value, unchanged; and what is called reported was published.
select
    best.project_id,
    best.oxide,
    best.best_pct,
    best.value_origin,
    compositions.share_of_treo_pct
from {{ ref('composition_best') }} as best
left join {{ ref('fct_compositions') }} as compositions
    on best.project_id = compositions.project_id and best.oxide = compositions.oxide
where
    (best.value_origin = 'reported' or compositions.share_of_treo_pct is not null)
    and (
        best.value_origin <> 'reported'
        or compositions.share_of_treo_pct is null
        or abs(best.best_pct - compositions.share_of_treo_pct) > {{ var('same_share_tolerance_pct') }}
    )
