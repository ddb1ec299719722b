{#- Every composition has one row per oxide, and every project one in its published table. -#}
{% test one_row_per_composition_and_oxide(model) %}
    select
        compositions.composition_id,
        count(shares.oxide) as oxides
    from {{ ref('dim_compositions') }} as compositions
    left join {{ model }} as shares on compositions.composition_id = shares.composition_id
    group by compositions.composition_id
    having
        count(shares.oxide) <> (select count(*) from {{ ref('dim_oxides') }})
        or count(distinct shares.oxide) <> count(shares.oxide)
    union all
    select
        projects.project_id,
        count(shares.oxide) as oxides
    from {{ ref('dim_projects') }} as projects
    left join {{ model }} as shares on projects.project_id = shares.project_id and shares.source = 'liu_2023'
    group by projects.project_id
    having count(shares.oxide) <> (select count(*) from {{ ref('dim_oxides') }})
{% endtest %}
