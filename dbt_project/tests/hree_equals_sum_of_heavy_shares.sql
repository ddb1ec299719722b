-- The published HREE percentage is Gd to Lu and Y of the stored shares, in every row that states it.
select
    projects.project_id,
    projects.hree_reported_pct,
    sum(compositions.share_of_treo_pct) as heavy_sum_pct
from {{ ref('dim_projects') }} as projects
inner join {{ ref('fct_compositions') }} as compositions
    on projects.project_id = compositions.project_id
inner join {{ ref('dim_oxides') }} as oxides on compositions.oxide = oxides.oxide
where compositions.source = 'liu_2023' and projects.hree_reported_pct is not null and oxides.is_hree
group by projects.project_id, projects.hree_reported_pct
having
    abs(projects.hree_reported_pct - coalesce(sum(compositions.share_of_treo_pct), 0))
    > {{ var('hree_tolerance_pct') }}
