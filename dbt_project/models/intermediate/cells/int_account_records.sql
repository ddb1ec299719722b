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
-- The compositions of a source belong to the rows of its table.
select
    case
        when compositions.source = 'liu_2023' then 'projects'
        when compositions.source = 'weng_2015' then 'contents'
        else 'analyses'
    end as table_name,
    case
        when compositions.source = 'liu_2023' then cast(projects.project_number as string)
        when compositions.source = 'weng_2015' then compositions.record_name
        else compositions.source_record_key
    end as record_key,
    compositions.composition_id as mart_key
from {{ ref('dim_compositions') }} as compositions
left join {{ ref('dim_projects') }} as projects on compositions.project_id = projects.project_id
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
union all
select
    'releases' as table_name,
    release as record_key,
    release as mart_key
from {{ ref('dim_releases') }}
union all
select
    'world_production' as table_name,
    concat(release, ' ', area_as_published, ' ', cast(year as string)) as record_key,
    concat(release, ' ', area_as_published, ' ', cast(year as string)) as mart_key
from {{ ref('fct_production') }}
where printed_in <> 'united_states'
union all
-- The table of the United States has no column for the country.
select
    'us_production' as table_name,
    concat(release, ' ', cast(year as string)) as record_key,
    concat(release, ' ', area_as_published, ' ', cast(year as string)) as mart_key
from {{ ref('fct_production') }}
where country_iso3 = 'USA'
union all
select
    'reserves' as table_name,
    concat(release, ' ', area_as_published) as record_key,
    concat(release, ' ', area_as_published) as mart_key
from {{ ref('fct_reserves') }}
union all
select
    'prices' as table_name,
    concat(release, ' ', product_as_published, ' ', cast(year as string)) as record_key,
    concat(release, ' ', product_as_published, ' ', cast(year as string)) as mart_key
from {{ ref('fct_prices') }}
union all
select
    'price_series' as table_name,
    concat(release, ' ', product_as_published) as record_key,
    concat(release, ' ', product_as_published, ' ', cast(year as string)) as mart_key
from {{ ref('fct_prices') }}
union all
select
    'flows' as table_name,
    {{ trade_key('cast(year as string)') }} as record_key,
    {{ trade_key('cast(year as string)') }} as mart_key
from {{ ref('fct_trade') }}
