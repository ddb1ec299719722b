-- The best shares of a project sum to 100; only printed shares on another basis than TREO need not.
select
    project_id,
    share_basis,
    sum(best_pct) as total_pct
from {{ ref('composition_best') }}
where share_basis <> 'other'
group by project_id, share_basis
having abs(sum(best_pct) - 100) > {{ var('closure_tolerance_pct') }}
