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
    case source when 'liu_2023' then 'projects' when 'weng_2015' then 'contents' else 'analyses' end
        as table_name,
    case source
        when
            'liu_2023'
            then cast({{ parse_integer("replace(source_record_key, 'liu2023-p', '')") }} as string)
        when 'weng_2015' then record_name
        else source_record_key
    end as record_key,
    composition_id as mart_key
from {{ ref('dim_compositions') }}
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
