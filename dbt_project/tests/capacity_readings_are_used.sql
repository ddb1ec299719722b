-- A reading whose text is in no capacity or yield cell any more has gone stale.
select
    readings.measure,
    readings.cell_text,
    readings.figure_position
from {{ ref('plant_capacity_readings') }} as readings
left join {{ ref('int_plant_capacity_cells') }} as cells
    on
        readings.measure = cells.measure
        and readings.cell_text = cells.cell_text
where cells.plant_id is null
