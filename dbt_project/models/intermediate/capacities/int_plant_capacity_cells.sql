select
    plant_id,
    'capacity' as measure,
    capacity_as_published as text_as_published,
    capacity_text as cell_text
from {{ ref('stg_liu_2023__plants') }}
where capacity_text is not null
union all
select
    plant_id,
    'yield' as measure,
    yield_as_published as text_as_published,
    yield_text as cell_text
from {{ ref('stg_liu_2023__plants') }}
where yield_text is not null
