-- A prediction of the current run names the confidence of the host its project is labelled with, and none
-- where no project of another site that models learn from has a host of the group: models that see none
-- predict it.
with

of_minerals as (

    select distinct project_id
    from {{ ref('fct_compositions') }}
    where source = 'liu_2023' and composition_basis in ('mineral', 'concentrate')

),

labels as (

    select
        projects.project_id,
        projects.site_id,
        projects.has_full_composition and of_minerals.project_id is null as is_learned_from,
        minerals.mineral_group,
        minerals.confidence
    from {{ ref('dim_projects') }} as projects
    inner join {{ ref('fct_project_minerals') }} as minerals on projects.project_id = minerals.project_id
    left join of_minerals on projects.project_id = of_minerals.project_id
    where minerals.rank = 1

),

expected as (

    select
        labels.project_id,
        max(labels.confidence) as confidence
    from labels
    inner join labels as elsewhere
        on
            labels.mineral_group = elsewhere.mineral_group
            and labels.site_id <> elsewhere.site_id
            and elsewhere.is_learned_from
    group by labels.project_id

)

select
    predictions.project_id,
    predictions.mineral_basis,
    expected.confidence
from {{ ref('fct_composition_predictions') }} as predictions
inner join {{ ref('dim_model_runs') }} as runs on predictions.model_run_id = runs.model_run_id
left join expected on predictions.project_id = expected.project_id
where runs.is_current and predictions.mineral_basis <> coalesce(expected.confidence, 'none')
