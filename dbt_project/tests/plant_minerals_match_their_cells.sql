-- A mineral that a cell of a plant names is in the seed, and the words of the seed are in the cell.
with

cells as (

    select
        {{ plant_id('row_key') }} as plant_id,
        column_name as source_column,
        published_text
    from {{ ref('base_liu_2023__plant_cells') }}
    where column_name in ('plant', 'company', 'capacity', 'yield', 'upstream', 'downstream')

)

select
    cells.plant_id,
    cells.source_column,
    minerals.mineral
from cells
inner join {{ ref('dim_minerals') }} as minerals
    on lower(cells.published_text) like '%' || minerals.mineral || '%'
left join {{ ref('fct_plant_minerals') }} as named
    on
        cells.plant_id = named.plant_id
        and cells.source_column = named.source_column
        and minerals.mineral = named.mineral
where named.plant_id is null

union all

select
    named.plant_id,
    named.source_column,
    named.mineral
from {{ ref('fct_plant_minerals') }} as named
left join cells
    on
        named.plant_id = cells.plant_id
        and named.source_column = cells.source_column
        and cells.published_text like '%' || named.text_as_published || '%'
where cells.plant_id is null
