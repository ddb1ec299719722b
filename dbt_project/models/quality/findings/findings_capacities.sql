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

largest as (

    select
        plant_id,
        plant_name,
        max(case when measure = 'capacity' then amount_high_t end) as capacity_t,
        max(case when measure = 'yield' then amount_high_t end) as yield_t
    from figures
    group by plant_id, plant_name

)

select
    'yield_above_capacity' as finding_type,
    '' as detail,
    plant_id as record_ids,
    concat(
        plant_name, ' states a yield of ', {{ number_text('yield_t', 0) }}, ' t and a capacity of ',
        {{ number_text('capacity_t', 0) }}, ' t at most.'
    ) as sentence,
    'fct_plant_capacities.amount_high_t' as evidence
from largest
where yield_t > capacity_t
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
