-- A pair of analyses that is apart and that nobody has judged, and a judgement of a pair that is not apart.
select
    noise.composition_id,
    noise.other_composition_id,
    noise.total_variation_points
from {{ ref('rpt_composition_noise') }} as noise
where noise.is_apart and noise.verdict is null
union all
select
    judgements.composition_id,
    judgements.other_composition_id,
    cast(null as double) as total_variation_points
from {{ ref('composition_pair_judgements') }} as judgements
left join {{ ref('rpt_composition_noise') }} as noise
    on
        judgements.composition_id = noise.composition_id
        and judgements.other_composition_id = noise.other_composition_id
        and noise.is_apart
where noise.composition_id is null
