-- What is printed as NA is not available: it is not zero, and not Namibia.
select
    release,
    area_as_published,
    production_as_published as cell_text
from {{ ref('fct_production') }}
where
    (
        production_as_published = 'NA'
        and (value_status <> 'not_available' or mine_production_treo_t is not null)
    )
    or (country_iso3 = 'NAM' and area_as_published <> 'Namibia')
union all
select
    release,
    area_as_published,
    reserves_as_published as cell_text
from {{ ref('fct_reserves') }}
where
    (reserves_as_published = 'NA' and (value_status <> 'not_available' or reserves_treo_t is not null))
    or (country_iso3 = 'NAM' and area_as_published <> 'Namibia')
