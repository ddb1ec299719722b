with

figures as (select * from {{ ref('int_plant_capacity_figures') }}),

runs as (

    select
        *,
        sum(case when starts_anew then 1 else 0 end) over so_far as list_number,
        -- A figure that starts a "containing" or starts anew decides for those that follow it.
        sum(case when starts_contained or starts_anew then 1 else 0 end) over so_far as nesting_run
    from figures
    window
        so_far as (
            partition by plant_id, measure order by figure_position
            rows between unbounded preceding and current row
        )

),

nested as (

    select
        *,
        max(case when starts_contained then 1 else 0 end) over (
            partition by plant_id, measure, nesting_run
        ) = 1 as is_contained,
        sum(case when product_text <> '' then 1 else 0 end) over (
            partition by plant_id, measure, list_number order by figure_position
            rows between unbounded preceding and current row
        ) as product_run
    from runs

),

parents as (

    select
        *,
        max(case when not is_contained then figure_position end) over (
            partition by plant_id, measure order by figure_position
            rows between unbounded preceding and current row
        ) as holder_position,
        max(case when is_whole then figure_position end) over (
            partition by plant_id, measure
        ) as whole_position,
        -- A product printed before its first amount holds for the amounts that follow it in the list.
        max(case when head_product_text <> '' then product_text end) over (
            partition by plant_id, measure, list_number, product_run
        ) as listed_product_text
    from nested

),

resolved as (

    select
        *,
        case
            when is_contained then holder_position
            when not is_whole then whole_position
        end as parent_figure_position,
        coalesce(
            nullif(product_text, ''),
            case when not is_contained and not is_whole then listed_product_text end
        ) as product_as_published
    from parents

)

select
    resolved.plant_id,
    resolved.measure,
    resolved.figure_position,
    resolved.product_as_published,
    resolved.amount_low,
    resolved.amount_high,
    resolved.unit_as_published,
    resolved.tonnes_per_unit,
    resolved.year,
    resolved.is_stated_per_year,
    resolved.is_approximate,
    resolved.is_whole,
    resolved.parent_figure_position,
    resolved.segment_text,
    resolved.remark_text,
    coalesce(parents.is_stated_per_year, false) as is_parent_per_year
from resolved
left join resolved as parents
    on
        resolved.plant_id = parents.plant_id
        and resolved.measure = parents.measure
        and resolved.parent_figure_position = parents.figure_position
