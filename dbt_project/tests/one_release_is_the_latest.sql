-- A plain query of the latest release finds each figure once: area and year, reserves, product and year.
select
    'fct_production' as mart,
    concat(area_name, ' ', cast(year as string)) as figure
from {{ ref('fct_production') }}
group by area_name, year
having sum(case when is_latest_release then 1 else 0 end) <> 1
union all
select
    'fct_reserves' as mart,
    area_name as figure
from {{ ref('fct_reserves') }}
group by area_name
having sum(case when is_latest_release then 1 else 0 end) <> 1
union all
select
    'fct_prices' as mart,
    concat(product, ' ', cast(year as string)) as figure
from {{ ref('fct_prices') }}
group by product, year
having sum(case when is_latest_release then 1 else 0 end) <> 1
