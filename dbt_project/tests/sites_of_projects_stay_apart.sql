-- The sites of the published tables are those that the projects name, whatever other sources add.
with

counted as (

    select
        count(case when is_in_liu2023 then 1 end) as sites,
        sum(projects) as projects,
        count(distinct site_id) as site_ids,
        count(*) as site_rows,
        count(case when is_in_liu2023 <> (projects > 0) then 1 end) as mixed
    from {{ ref('dim_sites') }}

),

expected as (

    select
        count(distinct site_id) as sites,
        count(*) as projects
    from {{ ref('dim_projects') }}

)

select counted.*
from counted
cross join expected
where
    counted.sites <> expected.sites
    or counted.projects <> expected.projects
    or counted.site_ids <> counted.site_rows
    or counted.mixed > 0
