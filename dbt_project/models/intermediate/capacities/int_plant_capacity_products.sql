with

figures as (select * from {{ ref('int_plant_capacity_nesting') }}),

spellings as (select * from {{ ref('product_spellings') }}),

named as (

    select
        figures.*,
        coalesce(spellings.basis, 'unspecified') as basis,
        case
            when spellings.product is not null then spellings.product
            when figures.product_as_published is not null then 'unmapped'
            when figures.is_whole then 'all_products'
            else 'unspecified'
        end as product,
        figures.amount_low * figures.tonnes_per_unit as amount_low_t,
        figures.amount_high * figures.tonnes_per_unit as amount_high_t,
        case
            when figures.is_stated_per_year then 'stated'
            when figures.is_parent_per_year then 'containing_figure'
            when figures.measure = 'yield' and figures.year is not null then 'year_of_yield'
            else 'not_stated'
        end as period_source
    from figures
    left join spellings on lower(figures.product_as_published) = lower(spellings.product_as_published)

),

repeats as (

    select
        *,
        min(figure_position) over (
            partition by plant_id, measure, product, amount_low_t, amount_high_t, year
        ) as first_position
    from named

)

select
    plant_id,
    measure,
    figure_position,
    product,
    product_as_published,
    basis,
    amount_low,
    amount_high,
    unit_as_published,
    period_source,
    amount_low_t,
    amount_high_t,
    year, -- noqa: RF04
    is_approximate,
    parent_figure_position,
    -- The same amount of the same named product in other words; unnamed amounts may be different things.
    case
        when product in ('unspecified', 'unmapped') then null
        when first_position < figure_position then first_position
    end as restates_figure_position,
    segment_text,
    product <> 'unmapped' and remark_text = '' as is_understood
from repeats
