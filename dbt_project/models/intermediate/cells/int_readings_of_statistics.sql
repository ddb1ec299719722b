-- Read from the printed text once more, so that the account shares no path with staging.
with

figures as (

    select
        cells.table_name,
        cells.record_key,
        cells.column_name,
        cells.read_text,
        symbols.value_status,
        symbols.reason,
        try_cast({{ replace_matches('cells.read_text', '[>,]', '') }} as double) as number
    from {{ ref('int_raw_cells') }} as cells
    left join {{ ref('usgs_mcs_symbols') }} as symbols on cells.read_text = symbols.symbol
    where
        cells.source = 'usgs_mcs'
        and cells.column_name in ('production_as_published', 'reserves_as_published', 'price_as_published')

)

select
    table_name,
    record_key,
    column_name,
    'statistic' as comparison,
    {{ comparable_number("case when value_status = 'zero' then cast(0 as double) else number end") }}
        as reading,
    case
        when value_status = 'zero' then 'dash_to_zero'
        when value_status is not null then 'unknown_by_symbol'
        when number is null then 'symbol_unmapped'
        when read_text like '>%' then 'lower_bound_to_number'
        when read_text like '%,%' then 'thousands_separator_removed'
    end as rule,
    case
        when value_status is not null then reason
        when read_text like '>%' then 'the edition prints more than the number'
        when read_text like '%,%' then 'the comma groups thousands'
    end as reason
from figures
union all
-- Of trade: a weight or quantity of 0 beside a value is not known.
select
    table_name,
    record_key,
    column_name,
    'statistic' as comparison,
    {{ comparable_number('nullif(' ~ parse_decimal('read_text') ~ ', 0)') }} as reading,
    case when {{ parse_decimal('read_text') }} = 0 then 'zero_to_unknown' end as rule,
    case when {{ parse_decimal('read_text') }} = 0 then 'the row has a value, so there is a weight' end
        as reason
from {{ ref('int_raw_cells') }}
where source = 'comtrade' and column_name in ('net_weight_kg', 'quantity_kg')
