{{ config(schema='intermediate', contract={'enforced': false}) }}
{#- A range wider than this is more likely a misprint than a plan. -#}
{%- set widest_range = 5 %}

with

figures as (

    select
        capacities.*,
        plants.plant_name
    from {{ ref('fct_plant_capacities') }} as capacities
    inner join {{ ref('dim_plants') }} as plants on capacities.plant_id = plants.plant_id

),

-- A yield is compared with the capacity of the same product only, in tonnes of the same thing.
largest as (

    select
        plant_id,
        plant_name,
        product,
        max(case when measure = 'capacity' then amount_high_t_per_year end) as capacity_t,
        max(case when measure = 'yield' then amount_high_t_per_year end) as yield_t
    from figures
    where product not in ('unspecified', 'unmapped')
    group by plant_id, plant_name, product, case when basis like 'oxide%' then 'oxide' else basis end

)

select
    'yield_above_capacity' as finding_type,
    largest.product as detail,
    largest.plant_id as record_ids,
    concat(
        largest.plant_name, ' states a yield of ', {{ number_text('largest.yield_t', 0) }},
        ' t per year and a capacity of ', {{ number_text('largest.capacity_t', 0) }},
        ' t per year at most, both of this product: ', lower(products.description), '.'
    ) as sentence,
    'fct_plant_capacities.amount_high_t_per_year' as evidence
from largest
inner join {{ ref('dim_products') }} as products on largest.product = products.product
where largest.yield_t > largest.capacity_t
union all
select
    'wide_capacity_range' as finding_type,
    concat(measure, cast(figure_position as string)) as detail,
    plant_id as record_ids,
    concat(
        plant_name, ' states a ', measure, ' of ', {{ number_text('amount_low_t', 0) }}, ' to ',
        {{ number_text('amount_high_t', 0) }}, ' t, a range that suggests a misprint.'
    ) as sentence,
    'fct_plant_capacities.amount_low_t and amount_high_t' as evidence
from figures
where amount_high_t > {{ widest_range }} * amount_low_t
