-- The keys by which rows of marts belong to rows of the raw tables; a place belongs to every record in it.
select
    'projects' as table_name,
    cast(project_number as string) as record_key,
    project_id as mart_key
from {{ ref('dim_projects') }}
union all
select
    'projects' as table_name,
    cast(project_number as string) as record_key,
    location_id as mart_key
from {{ ref('dim_projects') }}
union all
select
    'plants' as table_name,
    cast(plant_number as string) as record_key,
    plant_id as mart_key
from {{ ref('dim_plants') }}
union all
select
    'plants' as table_name,
    cast(plant_number as string) as record_key,
    location_id as mart_key
from {{ ref('dim_plants') }}
union all
select
    'minerals' as table_name,
    mineral as record_key,
    mineral as mart_key
from {{ ref('dim_minerals') }}
union all
select
    'project_minerals' as table_name,
    concat(project_id, ' ', cast(rank as string)) as record_key,
    concat(project_id, ' ', cast(rank as string)) as mart_key
from {{ ref('fct_project_minerals') }}
