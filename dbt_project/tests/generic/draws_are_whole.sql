{#- The shares of a draw sum to 100, and every project that is not all measured has draws, equally many. -#}
{% test draws_are_whole(model) %}
    with

    draws as (

        select
            subject_id,
            draw,
            count(*) as oxides,
            sum(share_pct) as total_pct
        from {{ model }}
        group by subject_id, draw

    ),

    subjects as (

        select
            subject_id,
            count(*) as draws,
            max(draw) as last_draw,
            max(case when oxides <> 15 or abs(total_pct - 100) > {{ var('prediction_sum_tolerance_pct') }} then 1 else 0 end)
                as is_broken
        from draws
        group by subject_id

    )

    select
        projects.project_id,
        subjects.subject_id,
        subjects.draws
    from {{ ref('dim_projects') }} as projects
    full outer join subjects on projects.project_id = subjects.subject_id
    where
        (not projects.has_full_composition and subjects.subject_id is null)
        or projects.has_full_composition and subjects.subject_id is not null
        or subjects.is_broken = 1
        or subjects.draws <> subjects.last_draw
        or subjects.draws <> (select max(draws) from subjects)
{% endtest %}
