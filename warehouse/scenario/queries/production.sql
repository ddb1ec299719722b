with

latest as (

    select *
    from marts.fct_production
    where is_latest_release and area_kind = 'country' and mine_production_treo_t > 0

)

select area_name, country_iso3, year, mine_production_treo_t as production_t
from latest
where year = (select max(year) from latest)
order by area_name
