{{ config(schema='intermediate', contract={'enforced': false}) }}

with

patterns as (

    select
        projects.project_id,
        projects.project_name,
        projects.has_full_composition,
        projects.hree_reported_pct,
        count(compositions.share_of_treo_pct) as reported_oxides,
        sum(compositions.share_of_treo_pct) as reported_sum_pct,
        max(compositions.share_basis) as share_basis,
        count(case when compositions.value_status = 'zero_suspect' then 1 end) as suspect_zeros,
        {{ join_sorted(
            "case when compositions.value_status = 'zero_suspect' then compositions.oxide end", ', '
        ) }} as suspect_oxides
    from {{ ref('dim_projects') }} as projects
    inner join {{ ref('fct_compositions') }} as compositions on projects.project_id = compositions.project_id
    where compositions.source = 'liu_2023'
    group by
        projects.project_id, projects.project_name, projects.has_full_composition, projects.hree_reported_pct

)

select
    'composition_not_closed' as finding_type,
    '' as detail,
    project_id as record_ids,
    concat(
        'The ', cast(reported_oxides as string), ' published shares of ', project_name, ' sum to ',
        {{ number_text('reported_sum_pct', 2) }}, ' %, not 100.'
    ) as sentence,
    'fct_compositions.share_of_treo_pct' as evidence
from patterns
where
    abs(reported_sum_pct - 100) > {{ var('closure_tolerance_pct') }}
    -- Fewer than 15 shares need not add up to 100, unless no full composition has such a sum of them.
    and (reported_oxides = 15 or share_basis = 'other')
union all
select
    'suspect_zeros' as finding_type,
    '' as detail,
    project_id as record_ids,
    concat(
        project_name, ' prints zero for ', suspect_oxides,
        ', of which the other shares of the row imply more',
        case when has_full_composition then '; the row counts as a full composition all the same' else '' end,
        '.'
    ) as sentence,
    'fct_compositions.value_status is zero_suspect' as evidence
from patterns
where suspect_zeros > 0
union all
select
    'composition_partial' as finding_type,
    '' as detail,
    project_id as record_ids,
    concat(
        project_name, ' prints ', cast(reported_oxides as string),
        ' of the 15 shares',
        case
            when hree_reported_pct is null then '.'
            else concat(
                '; its HREE share, ', {{ number_text('hree_reported_pct', 2) }},
                ' %, is the sum of the heavy ones among them.'
            )
        end
    ) as sentence,
    'dim_projects.reported_oxides' as evidence
from patterns
where reported_oxides between 1 and 14 and not has_full_composition
