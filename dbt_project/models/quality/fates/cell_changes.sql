with

-- A copy of the printed text is a place beside the one that counts, and no rule acts on it.
ruled as (

    select *
    from {{ ref('cell_fates') }}
    where comparison not like '%copy' and fate in ('changed', 'rejected')

),

numbers as ({{ numbers(6) }}),

rules as (

    select
        ruled.*,
        split_part(ruled.rules, '; ', numbers.n) as rule
    from ruled
    inner join numbers on split_part(ruled.rules, '; ', numbers.n) <> ''

)

select
    rules.source,
    rules.table_name,
    rules.row_key,
    cells.record_id,
    rules.column_name,
    rules.rule,
    rules.published_value,
    rules.new_value,
    case
        when rules.rule = 'reviewed_correction' then cells.correction_reason
        when rules.rule like 'row_of_unknown_%' then 'the row belongs to a record that no mart has'
        else coalesce(readings.reason, destinations.note)
    end as reason
from rules
inner join {{ ref('int_raw_cells') }} as cells
    on
        rules.table_name = cells.table_name
        and rules.row_key = cells.row_key
        and rules.column_name = cells.column_name
left join {{ ref('cell_destinations') }} as destinations
    on
        rules.table_name = destinations.table_name
        and rules.column_name = destinations.column_name
        and rules.mart = destinations.mart
        and rules.mart_column = destinations.mart_column
        and (rules.rule = destinations.rule or rules.rule like 'row_without_%')
left join {{ ref('int_cell_readings') }} as readings
    on
        rules.table_name = readings.table_name
        and cells.record_key = readings.record_key
        and rules.column_name = readings.column_name
        and rules.rule = readings.rule
