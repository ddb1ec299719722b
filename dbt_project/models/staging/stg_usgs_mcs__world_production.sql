with

-- Headings and notes say what is estimated: Prod_t_est_2022, Mine production e 2024, Estimated in 2021 also.
figures as (

    select
        release,
        area_as_published,
        {{ parse_integer('year') }} as year,
        production_as_published,
        column_as_published,
        nullif(note_as_published, '') as note_as_published,
        lower(column_as_published) like '%est%'
        or column_as_published like '% e %'
        or note_as_published like concat('%Estimated in ', year, ' also.%') as is_estimated
    from {{ source('raw', 'usgs_mcs__world_production') }}

)

select
    figures.release,
    figures.area_as_published,
    figures.year,
    {{ read_statistic('figures.production_as_published', 'symbols', 'figures.is_estimated') }},
    figures.production_as_published,
    figures.column_as_published,
    figures.note_as_published
from figures
left join {{ ref('usgs_mcs_symbols') }} as symbols on figures.production_as_published = symbols.symbol
