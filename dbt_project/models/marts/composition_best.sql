with

predictions as (

    select * from {{ ref('int_model_predictions') }}
    where is_current

),

compared as (

    select
        predictions.*,
        compositions.composition_id,
        compositions.source,
        compositions.composition_basis,
        compositions.share_of_treo_pct,
        coalesce(compositions.value_status, 'not_reported') as value_status,
        coalesce(compositions.share_basis, 'none') as share_basis,
        zeros.estimated_pct,
        zeros.lower_90_pct as zero_lower_90_pct,
        zeros.upper_90_pct as zero_upper_90_pct,
        coalesce(compositions.share_of_treo_pct > 0, false) as is_reported
    from predictions
    left join {{ ref('fct_compositions') }} as compositions
        on
            predictions.project_id = compositions.project_id
            and predictions.oxide = compositions.oxide
            and compositions.is_chosen
    left join {{ source('ml', 'zero_estimates') }} as zeros
        on
            predictions.model_run_id = zeros.model_run_id
            and predictions.project_id = zeros.project_id
            and predictions.oxide = zeros.oxide
            and compositions.share_of_treo_pct = 0

),

-- A printed zero is a share too small to print, or one not analysed: never a value.
chosen as (

    select
        *,
        case
            when is_reported then share_of_treo_pct else coalesce(estimated_pct, predicted_pct)
        end as best_pct,
        case
            when is_reported then 'reported'
            when estimated_pct is not null or prediction_kind = 'completed' then 'completed'
            else 'predicted'
        end as value_origin
    from compared

),

summed as (

    select
        *,
        sum(best_pct) over (partition by project_id) as best_sum_pct
    from chosen

)

select
    project_id,
    oxide,
    best_pct,
    -- Zeros filled in beside shares that closed without them leave a sum over 100.
    case
        when best_sum_pct > 100 + {{ var('closure_tolerance_pct') }} and share_basis <> 'other'
            then 100 * best_pct / best_sum_pct
        else best_pct
    end as closed_pct,
    value_origin,
    composition_id,
    source,
    composition_basis,
    value_status,
    share_basis,
    coalesce(share_of_treo_pct = 0, false) as is_imputed_zero,
    case when not is_reported then coalesce(zero_lower_90_pct, lower_90_pct) end as lower_90_pct,
    case when not is_reported then coalesce(zero_upper_90_pct, upper_90_pct) end as upper_90_pct,
    case when not is_reported then model_run_id end as model_run_id,
    case when not is_reported then mineral_basis end as mineral_basis,
    -- The estimate of a zero rests on the shares beside it.
    case when not is_reported then is_extrapolated and estimated_pct is null end as is_extrapolated
from summed
