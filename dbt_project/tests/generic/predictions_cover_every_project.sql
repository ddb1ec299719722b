{#- Every project has all 15 oxides in the current run, and they sum to 100. -#}
{% test predictions_cover_every_project(model) %}
    select
        projects.project_id,
        count(predictions.oxide) as oxides,
        sum(predictions.predicted_pct) as total_pct
    from {{ ref('dim_projects') }} as projects
    left join (
        select predictions.*
        from {{ model }} as predictions
        inner join {{ ref('dim_model_runs') }} as runs
            on predictions.model_run_id = runs.model_run_id
        where runs.is_current
    ) as predictions on projects.project_id = predictions.project_id
    group by projects.project_id
    having
        count(predictions.oxide) <> 15
        or abs(sum(predictions.predicted_pct) - 100) > {{ var('prediction_sum_tolerance_pct') }}
{% endtest %}
