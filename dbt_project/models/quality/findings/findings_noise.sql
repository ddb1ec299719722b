{{ config(schema='intermediate', contract={'enforced': false}) }}

with

-- Cerium and europium part from their neighbours in nature too.
shares as (

    select
        composition_id,
        oxide,
        pattern_order,
        ln(normalised_share) as height,
        lag(pattern_order) over (partition by composition_id order by pattern_order) as order_before,
        lead(pattern_order) over (partition by composition_id order by pattern_order) as order_after,
        lag(ln(normalised_share)) over (partition by composition_id order by pattern_order) as height_before,
        lead(ln(normalised_share)) over (partition by composition_id order by pattern_order) as height_after
    from {{ ref('int_oxide_shares') }}
    where normalised_share > 0 and oxide not in ('Ce2O3', 'Eu2O3')

),

apart as (

    select
        composition_id,
        oxide,
        exp(
            height - height_before
            - (height_after - height_before) * (pattern_order - order_before) / (order_after - order_before)
        ) as times_expected
    from shares
    where pattern_order - order_before <= 2 and order_after - pattern_order <= 2

)

select
    'analyses_apart' as finding_type,
    noise.other_composition_id as detail,
    coalesce(noise.project_id, noise.site_id, noise.composition_id) as record_ids,
    concat(
        'Two published analyses of ', analyses.record_name, ', ', noise.composition_id, ' and ',
        noise.other_composition_id, ', differ by ', {{ number_text('noise.total_variation_points', 1) }},
        ' points over the ', cast(noise.common_oxides as string), ' oxides that both have.'
    ) as sentence,
    concat('rpt_composition_noise; ', coalesce(noise.reason, 'not judged yet')) as evidence
from {{ ref('rpt_composition_noise') }} as noise
inner join {{ ref('dim_compositions') }} as analyses on noise.composition_id = analyses.composition_id
where noise.is_apart and coalesce(noise.verdict, 'doubtful') = 'doubtful'
union all
select
    'pattern_not_smooth' as finding_type,
    concat(apart.composition_id, ' ', apart.oxide) as detail,
    coalesce(analyses.project_id, analyses.site_id, analyses.composition_id) as record_ids,
    concat(
        analyses.record_name, ' prints ', {{ number_text('apart.times_expected', 2) }}, ' times the ',
        apart.oxide,
        ' that the elements beside it lead to expect (', apart.composition_id, ').'
    ) as sentence,
    concat('dim_compositions.fault; ', coalesce(analyses.fault, 'none known')) as evidence
from apart
inner join {{ ref('dim_compositions') }} as analyses on apart.composition_id = analyses.composition_id
where
    apart.times_expected > {{ var('pattern_times_apart') }}
    or apart.times_expected * {{ var('pattern_times_apart') }} < 1
