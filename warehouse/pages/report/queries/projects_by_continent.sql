select
    continent,
    projects
from marts.rpt_projects_by_continent
order by projects desc, continent asc
