select
    project_id as end_id,
    'project' as end_kind,
    project_name as end_name
from {{ ref('stg_liu_2023__projects') }}
union all
select
    plant_id as end_id,
    'plant' as end_kind,
    plant_name as end_name
from {{ ref('stg_liu_2023__plants') }}
union all
select
    company_id as end_id,
    'company' as end_kind,
    company_name as end_name
from {{ ref('companies') }}
union all
select
    country_iso3 as end_id,
    'country' as end_kind,
    country_name as end_name
from {{ ref('countries') }}
union all
select
    region_id as end_id,
    'region' as end_kind,
    region_name as end_name
from {{ ref('regions') }}
