with

predictions as (

    select * from {{ ref('int_model_predictions') }}
    where is_current

),

compositions as (

    select
        compositions.*,
        projects.has_full_composition
    from {{ ref('fct_compositions') }} as compositions
    inner join {{ ref('dim_projects') }} as projects on compositions.project_id = projects.project_id

)

-- A published composition is kept as it was published, suspect zeros included, if it is full.
select
    predictions.project_id,
    predictions.oxide,
    case
        when compositions.has_full_composition or compositions.value_status = 'reported'
            then compositions.share_of_treo_pct
        else predictions.predicted_pct
    end as best_pct,
    case
        when compositions.has_full_composition or compositions.value_status = 'reported' then 'reported'
        when predictions.prediction_kind = 'completed' then 'completed'
        else 'predicted'
    end as value_origin,
    compositions.value_status,
    compositions.share_basis,
    case
        when not compositions.has_full_composition and compositions.value_status <> 'reported'
            then predictions.lower_90_pct
    end as lower_90_pct,
    case
        when not compositions.has_full_composition and compositions.value_status <> 'reported'
            then predictions.upper_90_pct
    end as upper_90_pct,
    case
        when not compositions.has_full_composition and compositions.value_status <> 'reported'
            then predictions.model_run_id
    end as model_run_id,
    case
        when not compositions.has_full_composition and compositions.value_status <> 'reported'
            then predictions.mineral_basis
    end as mineral_basis,
    case
        when not compositions.has_full_composition and compositions.value_status <> 'reported'
            then predictions.is_extrapolated
    end as is_extrapolated
from predictions
inner join compositions
    on
        predictions.project_id = compositions.project_id
        and predictions.oxide = compositions.oxide
