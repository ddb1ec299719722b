-- The words of a figure and its product are in the cell, and its unit follows a number in its words.
select
    measure,
    cell_text,
    figure_position
from {{ ref('plant_capacity_readings') }}
where
    replace(cell_text, segment_text, '') = cell_text
    or replace(cell_text, product_text, '') = cell_text
    or coalesce(
        regexp_extract(segment_text, concat('[0-9] ?', unit_text, '([^A-Za-z/]|$)'), 0), ''
    ) = ''
