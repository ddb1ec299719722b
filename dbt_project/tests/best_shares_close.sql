-- The closed shares of a project sum to 100, in the proportions of the best ones; only printed shares on
-- another basis than TREO need not.
select
    project_id,
    share_basis,
    sum(closed_pct) as total_pct
from {{ ref('composition_best') }}
where share_basis <> 'other'
group by project_id, share_basis
having
    abs(sum(closed_pct) - 100) > {{ var('closure_tolerance_pct') }}
    or max(closed_pct / best_pct) - min(closed_pct / best_pct) > {{ var('same_share_tolerance_pct') }}
