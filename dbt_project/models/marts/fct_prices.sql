select
    prices.release,
    products.product,
    prices.year,
    products.oxide,
    prices.printed_number as price_usd_per_kg,
    products.counted_oxide_kg_per_kg,
    prices.value_status,
    releases.edition_year
    = max(releases.edition_year) over (partition by products.product, prices.year) as is_latest_release,
    series.price_basis,
    series.quoted_source,
    series.price_basis_evidence,
    prices.product_as_published,
    prices.price_as_published
from {{ ref('stg_usgs_mcs__prices') }} as prices
inner join {{ ref('dim_releases') }} as releases on prices.release = releases.release
left join {{ ref('usgs_mcs_products') }} as products
    on prices.product_as_published = products.product_as_published
left join {{ ref('stg_usgs_mcs__price_series') }} as series
    on prices.release = series.release and prices.product_as_published = series.product_as_published
