-- Question: how much rare-earth oxide is mined, by country and year, in the newest release that prints it?
-- Grain: one row per area and year, the newest year and the largest producer first.
-- Caveat: figures are those of the USGS, most of them estimates (value_status), revised from release to
--   release. Of one year they may be of several releases, so their sum is not a printed world total. China is
--   a quota. Other countries are those that the release does not name. Before 2020 there are figures of the
--   United States alone, so share_pct is null there.
select
    year,
    area_name,
    mine_production_treo_t,
    case
        when count(*) over (partition by year) > 1
            then 100 * mine_production_treo_t / sum(mine_production_treo_t) over (partition by year)
    end as share_pct,
    value_status,
    release
from marts.fct_production
where is_latest_release and area_kind <> 'world'
order by year desc, mine_production_treo_t desc nulls last, area_name asc
