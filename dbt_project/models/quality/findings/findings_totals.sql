{{ config(schema='intermediate', contract={'enforced': false}) }}

select
    'world_total_differs' as finding_type,
    concat_ws(' ', total_of, cast(year as string)) as detail,
    release as record_ids,
    concat(
        release, ' prints ', {{ number_text('world_treo_t', 0) }}, ' t TREO as the world''s ',
        case total_of when 'mine_production' then 'mine production' else 'reserves' end,
        case when year is not null then concat(' of ', cast(year as string)) else '' end,
        '; the areas it prints sum to ', {{ number_text('sum_treo_t', 0) }},
        ', and rounding explains ', {{ number_text('rounding_t', 0) }},
        ' of the difference of ', {{ number_text('abs(difference_t)', 0) }}, '.'
    ) as sentence,
    concat(
        'marts.fct_', case total_of when 'mine_production' then 'production' else 'reserves' end,
        ' where release = ''', release, ''''
    ) as evidence
from {{ ref('int_world_totals') }}
where not coalesce(is_within_rounding, false)
