select
    subject_id as id,
    subject_name as name, -- noqa: RF04
    coalesce(country_iso3, '') as country_iso3,
    ore_value_usd_per_t,
    ore_value_lower_90_usd_per_t,
    ore_value_upper_90_usd_per_t,
    basket_price_usd_per_kg,
    grade_treo_wt_pct,
    priced_share_pct,
    reported_share_pct,
    price_year,
    price_release
from marts.fct_site_values
where subject_kind = 'project' and ore_value_usd_per_t is not null
order by ore_value_usd_per_t desc, subject_name asc
