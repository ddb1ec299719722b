{{ config(schema='intermediate', contract={'enforced': false}) }}

select
    'analyses_apart' as finding_type,
    noise.other_composition_id as detail,
    coalesce(noise.project_id, noise.site_id, noise.composition_id) as record_ids,
    concat(
        'Two published analyses of ', ones.record_name, ', ', noise.composition_id, ' and ',
        noise.other_composition_id, ', differ by ', {{ number_text('noise.total_variation_points', 1) }},
        ' points over the ', cast(noise.common_oxides as string), ' oxides that both have.'
    ) as sentence,
    concat('rpt_composition_noise; ', coalesce(noise.reason, 'not judged yet')) as evidence
from {{ ref('rpt_composition_noise') }} as noise
inner join {{ ref('dim_compositions') }} as ones on noise.composition_id = ones.composition_id
where noise.is_apart and coalesce(noise.verdict, 'doubtful') = 'doubtful'
