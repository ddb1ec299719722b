select
    figures.release,
    figures.product_as_published,
    {{ parse_integer('figures.year') }} as year,
    {{ read_statistic(
        'figures.price_as_published',
        'symbols',
        parse_integer('figures.year') ~ ' >= releases.prices_estimated_from'
    ) }},
    figures.price_as_published
from {{ source('raw', 'usgs_mcs__prices') }} as figures
inner join {{ ref('stg_usgs_mcs__releases') }} as releases on figures.release = releases.release
left join {{ ref('usgs_mcs_symbols') }} as symbols on figures.price_as_published = symbols.symbol
