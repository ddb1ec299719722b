select
    figures.release,
    {{ parse_integer('figures.year') }} as year,
    {{ read_statistic(
        'figures.production_as_published',
        'symbols',
        parse_integer('figures.year') ~ ' >= releases.production_estimated_from'
    ) }},
    figures.production_as_published
from {{ source('raw', 'usgs_mcs__us_production') }} as figures
inner join {{ ref('stg_usgs_mcs__releases') }} as releases on figures.release = releases.release
left join {{ ref('usgs_mcs_symbols') }} as symbols on figures.production_as_published = symbols.symbol
