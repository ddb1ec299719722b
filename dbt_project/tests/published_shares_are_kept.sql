-- A share printed above zero is the best value, unchanged, and nothing else is called reported. A printed
-- zero is never a value: it is called completed, has an interval and says so.
select
    best.project_id,
    best.oxide,
    best.best_pct,
    best.value_origin,
    compositions.share_of_treo_pct
from {{ ref('composition_best') }} as best
left join {{ ref('fct_compositions') }} as compositions
    on
        best.project_id = compositions.project_id and best.oxide = compositions.oxide
        and compositions.is_chosen
where
    (best.value_origin = 'reported') <> coalesce(compositions.share_of_treo_pct > 0, false)
    or (
        best.value_origin = 'reported'
        and abs(best.best_pct - compositions.share_of_treo_pct) > {{ var('same_share_tolerance_pct') }}
    )
    or best.is_imputed_zero <> coalesce(compositions.share_of_treo_pct = 0, false)
    or (best.is_imputed_zero and (best.value_origin <> 'completed' or best.upper_90_pct is null))
