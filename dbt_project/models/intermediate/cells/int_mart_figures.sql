-- The amounts in tonnes and the years that fct_plant_capacities holds of a cell, in one sorted list.
with

figures as (

    select
        plant_id,
        measure,
        amount_high_t as number
    from {{ ref('fct_plant_capacities') }}
    union all
    select
        plant_id,
        measure,
        amount_low_t as number
    from {{ ref('fct_plant_capacities') }}
    where amount_low_t <> amount_high_t
    union all
    select
        plant_id,
        measure,
        cast(year as double) as number
    from {{ ref('fct_plant_capacities') }}

),

lists as (

    select
        plant_id,
        measure,
        {{ list_numbers('number') }} as mart_value
    from figures
    group by plant_id, measure

),

words as (

    select
        plant_id,
        measure,
        string_agg(
            product || coalesce(' ' || cast(amount_low_t as string), '')
            || case
                when amount_low_t <> amount_high_t then ' to ' || cast(amount_high_t as string)
                else ''
            end
            || case when is_per_year then ' t/y' else ' t' end,
            '; ' order by figure_position
        ) as new_value,
        max(case when parse_status = 'unmapped' then 1 else 0 end) as is_unmapped
    from {{ ref('fct_plant_capacities') }}
    group by plant_id, measure

)

select
    records.table_name,
    records.record_key,
    'fct_plant_capacities' as mart,
    'amount_high_t' as mart_column,
    lists.measure as member,
    lists.mart_value,
    words.new_value,
    words.is_unmapped = 1 as is_unmapped
from lists
inner join words on lists.plant_id = words.plant_id and lists.measure = words.measure
inner join {{ ref('int_account_records') }} as records on lists.plant_id = records.mart_key
