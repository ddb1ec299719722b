select
    figures.release,
    figures.area_as_published,
    {{ read_statistic('figures.reserves_as_published', 'symbols', 'false') }},
    figures.reserves_as_published,
    nullif(figures.note_as_published, '') as note_as_published
from {{ source('raw', 'usgs_mcs__reserves') }} as figures
left join {{ ref('usgs_mcs_symbols') }} as symbols on figures.reserves_as_published = symbols.symbol
