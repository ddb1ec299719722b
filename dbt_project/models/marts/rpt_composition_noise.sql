with

distances as (

    select
        composition_id,
        other_composition_id,
        subject,
        is_clean,
        common_oxides,
        round(sum(abs(first_share_pct - other_share_pct)) / 2, 6) as total_variation_points
    from {{ ref('int_composition_pairs') }}
    group by composition_id, other_composition_id, subject, is_clean, common_oxides

)

select
    distances.composition_id,
    distances.other_composition_id,
    ones.project_id,
    ones.site_id,
    distances.is_clean,
    cast(distances.common_oxides as int) as common_oxides,
    distances.total_variation_points,
    distances.total_variation_points > {{ var('pair_points_apart') }} as is_apart,
    judgements.verdict,
    judgements.reason,
    judgements.evidence
from distances
inner join {{ ref('dim_compositions') }} as ones on distances.composition_id = ones.composition_id
left join {{ ref('composition_pair_judgements') }} as judgements
    on
        distances.composition_id = judgements.composition_id
        and distances.other_composition_id = judgements.other_composition_id
