-- Question: what are the rare earths in a tonne of ore worth, project by project?
-- Grain: one row per project with a grade and a value, the highest value per tonne first.
-- What the value is: ten times grade in per cent times basket price, the sum over the priced oxides of share
--   times price, at the average prices of price_year as price_release prints them. Praseodymium has no price:
--   basket_price_filled_usd_per_kg prices it like neodymium. Ends of the interval are quantiles over joint
--   draws of the predicted composition, null where it is published.
-- Caveat: in-ground value is not what a reserve or project is worth: recovery is never complete, and mining,
--   cracking and separation cost most of it. priced_share_pct is the part of the basket with a price. Prices,
--   grade and resource count as exact. Where is_extrapolated, the interval is not reliable.
select
    subject_name as project_name,
    country_iso3,
    ore_value_usd_per_t,
    ore_value_lower_90_usd_per_t,
    ore_value_upper_90_usd_per_t,
    basket_price_usd_per_kg,
    basket_price_filled_usd_per_kg,
    grade_treo_wt_pct,
    priced_share_pct,
    reported_share_pct,
    is_extrapolated,
    price_year,
    price_release
from marts.fct_site_values
where subject_kind = 'project' and ore_value_usd_per_t is not null
order by ore_value_usd_per_t desc, subject_name asc
