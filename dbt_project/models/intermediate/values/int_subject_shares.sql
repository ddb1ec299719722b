with

analysed as (

    select
        analyses.site_id,
        parts.oxide,
        parts.share_of_treo_pct,
        analyses.share_basis
    from {{ ref('dim_compositions') }} as analyses
    inner join {{ ref('fct_compositions') }} as parts on analyses.composition_id = parts.composition_id
    where
        analyses.is_chosen
        and analyses.project_id is null
        and analyses.oxides_reported = 15
        and parts.share_of_treo_pct > 0

)

select
    project_id as subject_id,
    oxide,
    closed_pct,
    share_basis,
    value_origin = 'reported' as is_reported,
    coalesce(is_extrapolated, false) as is_extrapolated
from {{ ref('composition_best') }}
union all
select
    predictions.site_id as subject_id,
    predictions.oxide,
    coalesce(analysed.share_of_treo_pct, predictions.predicted_pct) as closed_pct,
    coalesce(analysed.share_basis, 'none') as share_basis,
    analysed.site_id is not null as is_reported,
    predictions.is_extrapolated and analysed.site_id is null as is_extrapolated
from {{ ref('fct_site_predictions') }} as predictions
inner join {{ ref('dim_model_runs') }} as runs on predictions.model_run_id = runs.model_run_id
left join analysed on predictions.site_id = analysed.site_id and predictions.oxide = analysed.oxide
where runs.is_current
