{#- Every site of another source has all 15 oxides in the current run, summing to 100, if its family or a host
    is known, and none if neither is. -#}
{% test predictions_cover_every_site(model) %}
    with

    predicted as (

        select
            predictions.site_id,
            count(*) as oxides,
            sum(predictions.predicted_pct) as total_pct
        from {{ model }} as predictions
        inner join {{ ref('dim_model_runs') }} as runs on predictions.model_run_id = runs.model_run_id
        where runs.is_current
        group by predictions.site_id

    ),

    hosts as (

        select distinct site_id from {{ ref('fct_site_minerals') }}

    )

    select
        sites.site_id,
        predicted.oxides,
        predicted.total_pct
    from {{ ref('dim_sites') }} as sites
    left join hosts on sites.site_id = hosts.site_id
    left join predicted on sites.site_id = predicted.site_id
    where
        coalesce(predicted.oxides, 0)
        <> case
            when sites.is_in_liu2023 or (sites.deposit_family = 'unknown' and hosts.site_id is null) then 0
            else 15
        end
        or abs(predicted.total_pct - 100) > {{ var('prediction_sum_tolerance_pct') }}
{% endtest %}
