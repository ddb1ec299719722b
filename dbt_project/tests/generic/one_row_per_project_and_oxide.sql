{#- Every project has one row per oxide. -#}
{% test one_row_per_project_and_oxide(model) %}
    select
        projects.project_id,
        count(shares.oxide) as oxides
    from {{ ref('dim_projects') }} as projects
    left join {{ model }} as shares on projects.project_id = shares.project_id
    group by projects.project_id
    having
        count(shares.oxide) <> (select count(*) from {{ ref('dim_oxides') }})
        or count(distinct shares.oxide) <> count(shares.oxide)
{% endtest %}
