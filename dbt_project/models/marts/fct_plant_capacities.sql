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
    figures.oxide_sum,
    coalesce(figures.segment_text, cells.cell_text) as segment_text,
    cells.cell_text,
    cells.text_as_published,
    case when figures.figure_position is null then 'unmapped' else 'parsed' end as parse_status
from {{ ref('int_plant_capacity_cells') }} as cells
left join {{ ref('int_plant_capacity_figures') }} as figures
    on
        cells.measure = figures.measure
        and cells.cell_text = figures.cell_text
