with

reported as (

    select
        projects.project_id,
        cells.deposit_type_text as deposit_type,
        projects.hree_reported_pct,
        projects.has_full_composition,
        cells.continent_text as continent
    from {{ ref('dim_projects') }} as projects
    inner join {{ ref('stg_liu_2023__projects') }} as cells on projects.project_id = cells.project_id
    where projects.hree_reported_pct is not null

),

-- The reference study deleted the decimal comma before it averaged: 11,87 became 1187.
without_comma as (

    select
        {{ project_id('row_key') }} as project_id,
        cast(replace(published_text, ',', '') as double) as printed_number
    from {{ ref('base_liu_2023__project_cells') }}
    where column_name = 'hree_pct' and clean_text is not null

)

select
    reported.continent,
    reported.deposit_type,
    round(avg(reported.hree_reported_pct), 9) as hree_pct_mean,
    count(*) as projects,
    round(avg(case when reported.has_full_composition then reported.hree_reported_pct end), 9)
        as hree_pct_mean_full,
    count(case when reported.has_full_composition then 1 end) as projects_full,
    avg(without_comma.printed_number) as reference_printed_value
from reported
inner join without_comma on reported.project_id = without_comma.project_id
group by reported.continent, reported.deposit_type
