with

cells as (

    select
        plant_id,
        'capacity' as measure,
        capacity_as_published as text_as_published
    from {{ ref('stg_liu_2023__plants') }}
    where capacity_as_published is not null
    union all
    select
        plant_id,
        'yield' as measure,
        yield_as_published as text_as_published
    from {{ ref('stg_liu_2023__plants') }}
    where yield_as_published is not null

),

normalised as (

    select
        *,
        {{ normalise_punctuation('text_as_published') }} as normal_text
    from cells

),

marked as (

    select
        *,
        {{ mark_amounts('normal_text') }} as marked_text
    from normalised

)

select
    *,
    {{ piece_count('marked_text', '{') }} - 1 as figure_count
from marked
