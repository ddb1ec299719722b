with

cells as (select * from {{ ref('int_plant_capacity_cells') }}),

readings as (

    select
        readings.*,
        units.tonnes_per_unit,
        case
            when units.is_per_year then 'stated'
            when parent_units.is_per_year then 'containing_figure'
            when readings.measure = 'yield' and readings.year is not null then 'year_of_yield'
            else 'not_stated'
        end as period_source
    from {{ ref('plant_capacity_readings') }} as readings
    inner join {{ ref('capacity_units') }} as units
        on readings.unit_text = units.unit_text
    left join {{ ref('plant_capacity_readings') }} as parents
        on
            readings.measure = parents.measure
            and readings.cell_text = parents.cell_text
            and readings.parent_figure_position = parents.figure_position
    left join {{ ref('capacity_units') }} as parent_units
        on parents.unit_text = parent_units.unit_text

),

figures as (

    select
        *,
        amount_low * tonnes_per_unit as amount_low_t,
        amount_high * tonnes_per_unit as amount_high_t,
        period_source <> 'not_stated' as is_per_year
    from readings

)

select
    cells.plant_id,
    cells.measure,
    coalesce(figures.figure_position, 1) as figure_position,
    coalesce(figures.product, 'unmapped') as product,
    figures.product_text,
    coalesce(figures.basis, 'unspecified') as basis,
    figures.flow,
    figures.amount_low,
    figures.amount_high,
    figures.unit_text,
    coalesce(figures.is_per_year, false) as is_per_year,
    coalesce(figures.period_source, 'not_stated') as period_source,
    case when figures.is_per_year then figures.amount_low_t end as amount_low_t_per_year,
    case when figures.is_per_year then figures.amount_high_t end as amount_high_t_per_year,
    figures.amount_low_t,
    figures.amount_high_t,
    figures.year, -- noqa: RF04
    coalesce(figures.is_approximate, false) as is_approximate,
    figures.parent_figure_position,
    figures.restates_figure_position,
    coalesce(figures.segment_text, cells.cell_text) as segment_text,
    cells.cell_text,
    cells.text_as_published,
    case when figures.figure_position is null then 'unmapped' else 'parsed' end as parse_status
from cells
left join figures
    on
        cells.measure = figures.measure
        and cells.cell_text = figures.cell_text
