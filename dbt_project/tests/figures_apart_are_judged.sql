-- A figure that is apart and that nobody has judged, and a judgement of a figure that is not apart.
select
    checks.project_id,
    checks.figure_kind,
    checks.check_kind,
    checks.times_apart
from {{ ref('figure_checks') }} as checks
where checks.is_apart and checks.verdict is null
union all
select
    judgements.project_id,
    judgements.figure_kind,
    judgements.check_kind,
    cast(null as double) as times_apart
from {{ ref('figure_judgements') }} as judgements
left join {{ ref('figure_checks') }} as checks
    on
        judgements.project_id = checks.project_id
        and judgements.figure_kind = checks.figure_kind
        and judgements.check_kind = checks.check_kind
        and checks.is_apart
where checks.project_id is null
