-- A site is a deposit or camp; the projects of one are siblings.
select
    site_id,
    min(site_name) as site_name,
    count(*) as projects,
    count(case when has_full_composition then 1 end) as measured_projects
from {{ ref('dim_projects') }}
group by site_id
