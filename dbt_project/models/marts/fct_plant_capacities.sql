with

cells as (

    select
        plant_id,
        'capacity' as measure,
        capacity_as_published as text_as_published
    from {{ ref('stg_liu_2023__plants') }}
    union all
    select
        plant_id,
        'yield' as measure,
        yield_as_published as text_as_published
    from {{ ref('stg_liu_2023__plants') }}

)

select
    plant_id,
    measure,
    1 as figure_position,
    cast(null as string) as product,
    cast(null as double) as amount_low_t_per_year,
    cast(null as double) as amount_high_t_per_year,
    cast(null as int) as year,
    text_as_published,
    'unparsed' as parse_status
from cells
where text_as_published is not null
