{{ config(schema='intermediate', contract={'enforced': false}) }}

-- The last year that counts as past: an expectation for it or before is due.
{%- set due_year = var('expectations_due_year') %}
with

stages as (

    select
        statuses.project_id as record_id,
        projects.project_name as record_name,
        statuses.stage_code,
        statuses.stage,
        statuses.stage_position,
        statuses.effective_year,
        statuses.is_expected,
        statuses.status_as_published
    from {{ ref('fct_project_statuses') }} as statuses
    inner join {{ ref('dim_projects') }} as projects on statuses.project_id = projects.project_id
    union all
    select
        statuses.plant_id as record_id,
        plants.plant_name as record_name,
        statuses.stage_code,
        statuses.stage,
        statuses.stage_position,
        statuses.effective_year,
        statuses.is_expected,
        statuses.status_as_published
    from {{ ref('fct_plant_statuses') }} as statuses
    inner join {{ ref('dim_plants') }} as plants on statuses.plant_id = plants.plant_id

)

select
    'expectation_due' as finding_type,
    cast(stage_position as string) as detail,
    record_id as record_ids,
    concat(
        record_name, ' was expected to reach ', stage, ' in ', cast(effective_year as string),
        ', a year now past.'
    ) as sentence,
    concat('status cell: ', status_as_published) as evidence
from stages
where is_expected and effective_year <= {{ due_year }} and effective_year > {{ var('status_table_year') }}
union all
select
    'stage_in_table_year' as finding_type,
    cast(stages.stage_position as string) as detail,
    stages.record_id as record_ids,
    concat(
        stages.record_name, ' dates ', stages.stage, ' at ', cast(stages.effective_year as string),
        ', the year the table describes; read as ',
        case when stages.is_expected then 'a plan' else 'reached' end, ': ',
        coalesce(readings.reason, 'no other source was looked up, so what is printed before it decides'), '.'
    ) as sentence,
    concat_ws('; ', concat('status cell: ', stages.status_as_published), readings.evidence) as evidence
from stages
left join {{ ref('table_year_stages') }} as readings
    on stages.record_id = readings.record_id and stages.stage_code = readings.stage_code
where stages.effective_year = {{ var('status_table_year') }}
union all
select
    'yield_before_operation' as finding_type,
    '' as detail,
    plant_id as record_ids,
    concat(
        plant_name, ' prints a yield but was not running (', coalesce(stage, 'no stage reached'),
        '), so the figure is a plan or a test.'
    ) as sentence,
    concat('yield cell: ', yield_as_published, '; status cell: ', coalesce(status_as_published, 'blank'))
        as evidence
from {{ ref('dim_plants') }}
where yield_as_published not in ('', '-') and coalesce(stage, 'pre-feasibility') = 'pre-feasibility'
