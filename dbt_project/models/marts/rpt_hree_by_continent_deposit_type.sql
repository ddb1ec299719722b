with

reported as (

    select
        projects.project_id,
        projects.deposit_type_as_published as deposit_type,
        projects.hree_reported_pct,
        locations.continent_as_published as continent
    from {{ ref('dim_projects') }} as projects
    inner join {{ ref('dim_locations') }} as locations
        on projects.location_id = locations.location_id
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
    avg(without_comma.printed_number) as reference_printed_value
from reported
inner join without_comma on reported.project_id = without_comma.project_id
group by reported.continent, reported.deposit_type
