-- The wider interval holds the narrower one to within rounding, and there is one where a share has draws.
select subject_id as id
from {{ ref('fct_site_values') }}
where
    basket_price_lower_90_usd_per_kg > 1.000001 * basket_price_lower_80_usd_per_kg
    or basket_price_lower_80_usd_per_kg > 1.000001 * basket_price_upper_80_usd_per_kg
    or basket_price_upper_80_usd_per_kg > 1.000001 * basket_price_upper_90_usd_per_kg
    or (draws > 0 and unvalued_reason is null) <> (basket_price_lower_90_usd_per_kg is not null)
    or (draws = 0 and reported_share_pct = 0 and (project_id is not null or resource_treo_t is not null))
    or abs(ore_value_upper_90_usd_per_t - 10 * grade_treo_wt_pct * basket_price_upper_90_usd_per_kg) > 0.001

union all

select supply_id as id
from {{ ref('rpt_supply_potential') }}
where
    contained_lower_90_t > contained_lower_80_t + 0.000001 * contained_t
    or contained_lower_80_t > contained_upper_80_t + 0.000001 * contained_t
    or contained_upper_80_t > contained_upper_90_t + 0.000001 * contained_t
    or contained_lower_90_t < contained_reported_t - 0.000001 * contained_t
    or abs(contained_reported_t + contained_predicted_t - contained_t) > 0.000001 * contained_t
