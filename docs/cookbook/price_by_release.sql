-- Question: what does an oxide cost by year, and how was the price revised from release to release?
-- Grain: one row per year and release, for one product.
-- Parameter: product, any of marts.fct_prices.
-- Caveat: prices are those that the USGS quotes from Argus Media, averages of a year per kilogram of the
--   product of price_basis, not of an element. The last year of a release is an estimate. They are whole
--   dollars: of lanthanum and cerium no change below a dollar is seen.
with parameters as (
    select 'nd_oxide' as product
)

select
    prices.year,
    prices.release,
    prices.price_usd_per_kg,
    prices.price_usd_per_kg
    - lag(prices.price_usd_per_kg) over (partition by prices.year order by releases.edition_year)
        as revised_by_usd_per_kg,
    prices.value_status,
    prices.is_latest_release,
    prices.price_basis
from marts.fct_prices as prices
inner join parameters on prices.product = parameters.product
inner join marts.dim_releases as releases on prices.release = releases.release
order by prices.year desc, releases.edition_year asc
