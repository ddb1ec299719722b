with

-- What the parts of a figure count, where all of them count the same.
parts as (

    select
        measure,
        cell_text,
        parent_figure_position,
        case
            when min(basis) = max(basis) then min(basis)
            when min(basis) like 'oxide%' and max(basis) like 'oxide%' then 'oxide_presumed'
        end as common_basis
    from {{ ref('plant_capacity_readings') }}
    where parent_figure_position is not null
    group by measure, cell_text, parent_figure_position

),

readings as (

    select
        readings.*,
        units.tonnes_per_unit,
        units.is_per_year as is_stated_per_year,
        products.product_group,
        case
            when readings.product = 'all_products' and readings.basis = 'unspecified'
                then coalesce(parts.common_basis, readings.basis)
            else readings.basis
        end as own_basis
    from {{ ref('plant_capacity_readings') }} as readings
    inner join {{ ref('capacity_units') }} as units
        on readings.unit_text = units.unit_text
    left join {{ ref('products') }} as products
        on readings.product = products.product
    left join parts
        on
            readings.measure = parts.measure
            and readings.cell_text = parts.cell_text
            and readings.figure_position = parts.parent_figure_position

),

-- A capacity is given per year in this industry, whether the cell says so or not.
dated as (

    select
        readings.*,
        parents.product as parent_product,
        coalesce(parents.own_basis like 'oxide%' and parents.flow = 'product', false) as is_part_of_oxide,
        case
            when readings.is_stated_per_year then 'stated'
            when parents.is_stated_per_year then 'containing_figure'
            when readings.measure = 'yield' and readings.year is not null then 'year_of_yield'
            when readings.measure = 'capacity' then 'assumed'
            else 'not_stated'
        end as period_source
    from readings
    left join readings as parents
        on
            readings.measure = parents.measure
            and readings.cell_text = parents.cell_text
            and readings.parent_figure_position = parents.figure_position

)

select
    measure,
    cell_text,
    figure_position,
    segment_text,
    product_text,
    product,
    own_basis as basis,
    flow,
    amount_low,
    amount_high,
    unit_text,
    year, -- noqa: RF04
    is_approximate,
    parent_figure_position,
    restates_figure_position,
    period_source,
    period_source <> 'not_stated' as is_per_year,
    amount_low * tonnes_per_unit as amount_low_t,
    amount_high * tonnes_per_unit as amount_high_t,
    case
        when
            own_basis not like 'oxide%' or coalesce(flow, 'feed') <> 'product' or period_source = 'not_stated'
            or restates_figure_position is not null or is_part_of_oxide
            then null
        when
            coalesce(parent_product, 'all_products') <> 'all_products'
            or product_group in ('ore', 'mineral', 'concentrate', 'mixed_compound')
            then 'contained'
        else 'made'
    end as oxide_sum
from dated
