select
    best.project_id,
    {%- for oxide in oxides() %}
    max(case when best.oxide = '{{ oxide }}' then best.best_pct end) as {{ oxide | lower }}_pct,
    {%- endfor %}
    sum(case when oxides.is_hree then best.best_pct else 0 end) as hree_pct,
    sum(case when oxides.is_ndpr then best.best_pct else 0 end) as ndpr_pct,
    sum(case when oxides.is_magnet then best.best_pct else 0 end) as magnet_pct,
    count(case when best.value_origin = 'reported' then 1 end) as reported_oxides,
    max(best.model_run_id) as model_run_id
from {{ ref('composition_best') }} as best
inner join {{ ref('oxides') }} as oxides on best.oxide = oxides.oxide
group by best.project_id
