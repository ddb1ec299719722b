with

projects as (

    select
        projects.*,
        projects.site_id in (
            select measured.site_id from {{ ref('dim_projects') }} as measured
            where measured.has_full_composition
        ) as has_measured_site
    from {{ ref('dim_projects') }} as projects

),

counted as (

    select
        strata.stratum_kind,
        strata.stratum,
        count(*) as projects,
        count(case when projects.has_full_composition then 1 end) as measured_projects,
        count(distinct case when projects.has_full_composition then projects.site_id end) as measured_sites,
        count(case when not projects.has_full_composition then 1 end) as unmeasured_projects,
        count(case when projects.reported_oxides between 1 and 14 then 1 end) as partly_reported_projects,
        count(case when not projects.has_full_composition and projects.grade_treo_wt_pct is null then 1 end)
            as unmeasured_without_grade,
        count(case when not projects.has_full_composition and projects.has_measured_site then 1 end)
            as unmeasured_at_measured_sites
    from {{ ref('int_project_strata') }} as strata
    inner join projects on strata.project_id = projects.project_id
    group by strata.stratum_kind, strata.stratum

),

widths as (

    select
        strata.stratum_kind,
        strata.stratum,
        -- The last digits of a mean depend on the order of the rows.
        round(avg(predictions.upper_90_pct - predictions.lower_90_pct), 9) as unlabelled_mean_width_90_pct
    from {{ ref('int_project_strata') }} as strata
    inner join {{ ref('int_model_predictions') }} as predictions on strata.project_id = predictions.project_id
    where predictions.is_current and predictions.prediction_kind = 'unlabelled'
    group by strata.stratum_kind, strata.stratum

),

errors as (

    select
        stratum_kind,
        stratum,
        {{ value_and_error('rmse', '_pct', "protocol = 'grouped_cv' and metric = 'rmse_pct'") }},
        {{ value_and_error('minerals_hidden_rmse', '_pct',
            "protocol = 'grouped_cv_minerals_hidden' and metric = 'rmse_pct'") }},
        {{ value_and_error('minus_minerals_hidden', '_pct',
            "protocol = 'grouped_cv' and compared_protocol = 'grouped_cv_minerals_hidden'") }}
    from {{ ref('int_current_metrics') }}
    where is_champion and target = 'all'
    group by stratum_kind, stratum

)

select
    counted.*,
    widths.unlabelled_mean_width_90_pct,
    errors.rmse_pct,
    errors.rmse_standard_error_pct,
    errors.minerals_hidden_rmse_pct,
    errors.minerals_hidden_rmse_standard_error_pct,
    errors.minus_minerals_hidden_pct,
    errors.minus_minerals_hidden_standard_error_pct
from counted
left join widths on counted.stratum_kind = widths.stratum_kind and counted.stratum = widths.stratum
left join errors on counted.stratum_kind = errors.stratum_kind and counted.stratum = errors.stratum
