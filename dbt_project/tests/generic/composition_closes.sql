{#- The shares of a full composition sum to 100 within the tolerance. -#}
{% test composition_closes(model) %}
    select
        compositions.composition_id,
        sum(compositions.share_of_treo_pct) as total_pct
    from {{ model }} as compositions
    inner join {{ ref('dim_projects') }} as projects
        on compositions.project_id = projects.project_id
    where
        projects.has_full_composition and compositions.source = 'liu_2023'
        or compositions.share_as_published is null
    group by compositions.composition_id
    having abs(sum(compositions.share_of_treo_pct) - 100) > {{ var('closure_tolerance_pct') }}
{% endtest %}
