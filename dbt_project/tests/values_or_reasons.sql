-- Every subject has a basket price or a reason why not, and its published part is no more than the whole.
select
    subject_id,
    unvalued_reason,
    basket_price_usd_per_kg
from {{ ref('fct_site_values') }}
where
    (basket_price_usd_per_kg is null) <> (unvalued_reason is not null)
    or (grade_treo_wt_pct is null or unvalued_reason is not null) <> (ore_value_usd_per_t is null)
    or basket_price_reported_usd_per_kg > basket_price_usd_per_kg * (1 + 1e-9)
    or basket_price_filled_usd_per_kg < basket_price_usd_per_kg
    or (reported_share_pct = 0) <> (basket_price_reported_usd_per_kg = 0)
