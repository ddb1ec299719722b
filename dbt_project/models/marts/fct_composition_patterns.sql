with

out_of_fold as (

    select
        project_id,
        oxide,
        predicted_pct
    from {{ ref('int_model_predictions') }}
    where is_current and prediction_kind = 'out_of_fold'

)

-- A suspect zero is not a measurement that a prediction could be compared with.
select
    best.project_id,
    best.oxide,
    best.value_origin,
    1e4 * {{ over_chondrite('best.best_pct', 'oxides') }} as ratio,
    1e4 * {{ over_chondrite('best.lower_90_pct', 'oxides') }} as lower_90_ratio,
    1e4 * {{ over_chondrite('best.upper_90_pct', 'oxides') }} as upper_90_ratio,
    case
        when best.value_status <> 'zero_suspect'
            then 1e4 * {{ over_chondrite('out_of_fold.predicted_pct', 'oxides') }}
    end as out_of_fold_ratio
from {{ ref('composition_best') }} as best
inner join {{ ref('dim_oxides') }} as oxides on best.oxide = oxides.oxide
left join out_of_fold on best.project_id = out_of_fold.project_id and best.oxide = out_of_fold.oxide
