-- Status cells become one row per stage.
with

stages as (

    select
        project_id as record_id,
        stage_position,
        coalesce(stage, stage_text) as stage
    from {{ ref('int_project_statuses') }}
    union all
    select
        plant_id as record_id,
        stage_position,
        coalesce(stage, stage_text) as stage
    from {{ ref('int_plant_statuses') }}

)

select
    record_id,
    'status_2022' as column_name,
    string_agg(stage, '; ' order by stage_position) as new_value,
    'status_split_into_stages' as rule,
    cast(null as string) as reason
from stages
group by record_id
