with

measured as (

    select
        *,
        case
            when figure_value < reference_low then reference_low / figure_value
            when figure_value > reference_high then figure_value / reference_high
            else 1
        end as times_apart
    from {{ ref('int_figure_comparisons') }}

),

judged as (

    select
        *,
        case check_kind
            when 'second_source' then times_apart > {{ var('figure_times_apart') }}
            when 'family_outlier' then abs(coalesce(robust_z, 0)) > {{ var('figure_robust_z') }}
            else times_apart > 1
        end as is_apart
    from measured

)

select
    judged.project_id,
    judged.figure_kind,
    judged.check_kind,
    judged.figure_value,
    judged.reference_low,
    judged.reference_high,
    judged.compared_with,
    judged.times_apart,
    judged.robust_z,
    judged.is_apart,
    case when judged.is_apart then judgements.verdict end as verdict,
    case when judged.is_apart then judgements.reason end as reason
from judged
left join {{ ref('figure_judgements') }} as judgements
    on
        judged.project_id = judgements.project_id
        and judged.figure_kind = judgements.figure_kind
        and judged.check_kind = judgements.check_kind
