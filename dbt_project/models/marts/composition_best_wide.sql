-- Sums are rounded below any printed digit: the order of addition must not show in a rebuilt file.
select
    best.project_id,
    {%- for oxide in oxides() %}
    max(case when best.oxide = '{{ oxide }}' then best.closed_pct end) as {{ oxide | lower }}_pct,
    {%- endfor %}
    round(sum(case when oxides.is_hree then best.closed_pct else 0 end), 9) as hree_pct,
    round(sum(case when oxides.is_ndpr then best.closed_pct else 0 end), 9) as ndpr_pct,
    round(
        sum(case when oxides.is_ndpr and best.value_origin = 'reported' then best.closed_pct else 0 end), 9
    ) as ndpr_from_reported_pct,
    round(sum(case when oxides.is_magnet then best.closed_pct else 0 end), 9) as magnet_pct,
    round(sum(best.best_pct), 9) as best_sum_pct,
    count(case when best.value_status <> 'not_reported' then 1 end) as reported_oxides,
    count(case when best.value_status = 'zero_suspect' then 1 end) as zero_suspect_oxides,
    bool_or(best.is_imputed_zero) as has_imputed_zeros,
    max(best.composition_id) as composition_id,
    max(best.source) as source,
    max(best.composition_basis) as composition_basis,
    max(best.share_basis) as share_basis,
    max(best.model_run_id) as model_run_id,
    max(best.mineral_basis) as mineral_basis,
    bool_or(best.is_extrapolated) as is_extrapolated
from {{ ref('composition_best') }} as best
inner join {{ ref('oxides') }} as oxides on best.oxide = oxides.oxide
group by best.project_id
