-- Along Pr to Lu a predicted pattern is such as measured ones are: no oxide of an odd element has more than
-- an even neighbour, and from Gd to Lu none is farther off the line between its neighbours, by the logarithm
-- of its ratio to chondrite, than all but a few measured ones.
with

runs as (

    select model_run_id from {{ ref('dim_model_runs') }}
    where is_current

),

predicted as (

    select
        projects.project_id as subject_id,
        projects.oxide,
        projects.predicted_pct
    from {{ ref('fct_composition_predictions') }} as projects
    inner join runs on projects.model_run_id = runs.model_run_id
    where projects.prediction_kind <> 'completed'
    union all
    select
        sites.site_id as subject_id,
        sites.oxide,
        sites.predicted_pct
    from {{ ref('fct_site_predictions') }} as sites
    inner join runs on sites.model_run_id = runs.model_run_id

),

heights as (

    select
        predicted.subject_id,
        predicted.oxide,
        predicted.predicted_pct,
        oxides.atomic_number,
        ln({{ over_chondrite('predicted.predicted_pct', 'oxides') }}) as height
    from predicted
    inner join {{ ref('dim_oxides') }} as oxides on predicted.oxide = oxides.oxide

),

beside as (

    select
        middle.*,
        least(
            coalesce(lighter.predicted_pct, heavier.predicted_pct),
            coalesce(heavier.predicted_pct, lighter.predicted_pct)
        ) as neighbour_pct,
        middle.height - (lighter.height + heavier.height) / 2 as bend
    from heights as middle
    left join heights as lighter
        on middle.subject_id = lighter.subject_id and middle.atomic_number = lighter.atomic_number + 1
    left join heights as heavier
        on middle.subject_id = heavier.subject_id and middle.atomic_number = heavier.atomic_number - 1
    where middle.atomic_number between 59 and 71

)

select
    subject_id,
    oxide,
    predicted_pct,
    bend
from beside
where
    (atomic_number % 2 = 1 and predicted_pct > neighbour_pct)
    or (atomic_number between 65 and 70 and abs(bend) > {{ var('pattern_bend_limit') }})
