with

cells as (select * from {{ ref('int_plant_capacity_cells') }}),

figures as (select * from {{ ref('int_plant_capacity_products') }})

select
    cells.plant_id,
    cells.measure,
    coalesce(figures.figure_position, 1) as figure_position,
    coalesce(figures.product, 'unspecified') as product,
    figures.product_as_published,
    coalesce(figures.basis, 'unspecified') as basis,
    figures.amount_low,
    figures.amount_high,
    figures.unit_as_published,
    coalesce(figures.period_source <> 'not_stated', false) as is_per_year,
    coalesce(figures.period_source, 'not_stated') as period_source,
    case when figures.period_source <> 'not_stated' then figures.amount_low_t end as amount_low_t_per_year,
    case when figures.period_source <> 'not_stated' then figures.amount_high_t end as amount_high_t_per_year,
    figures.amount_low_t,
    figures.amount_high_t,
    figures.year, -- noqa: RF04
    coalesce(figures.is_approximate, false) as is_approximate,
    figures.parent_figure_position,
    figures.restates_figure_position,
    coalesce(figures.segment_text, cells.text_as_published) as segment_text,
    cells.text_as_published,
    case
        when cells.figure_count = 0 then 'unparsed'
        when max(case when figures.is_understood then 0 else 1 end) over (
            partition by cells.plant_id, cells.measure
        ) = 1 then 'partly_parsed'
        else 'parsed'
    end as parse_status
from cells
left join figures
    on
        cells.plant_id = figures.plant_id
        and cells.measure = figures.measure
