-- What each raw cell must be at each place it feeds, by the rules that are written down: corrections,
-- tidying, the factor and rule of its destination, and the reviewed tables.
with

known as (select distinct mart_key from {{ ref('int_account_records') }}),

fed as (

    select
        cells.*,
        destinations.mart,
        destinations.mart_column,
        destinations.member,
        destinations.comparison,
        destinations.factor,
        destinations.rule as destination_rule,
        case
            when cells.read_text is null then null
            when destinations.needs_column is not null and needed.read_text is null
                then concat('row_without_', destinations.needs_column)
            when destinations.owner_column is not null and known.mart_key is null
                then concat('row_of_unknown_', destinations.owner_column)
        end as left_out_rule
    from {{ ref('int_raw_cells') }} as cells
    left join {{ ref('cell_destinations') }} as destinations
        on
            cells.source = destinations.source
            and cells.table_name = destinations.table_name
            and cells.column_name = destinations.column_name
    left join {{ ref('int_raw_cells') }} as needed
        on
            cells.table_name = needed.table_name
            and cells.record_key = needed.record_key
            and destinations.needs_column = needed.column_name
    left join {{ ref('int_raw_cells') }} as owners
        on
            cells.table_name = owners.table_name
            and cells.record_key = owners.record_key
            and destinations.owner_column = owners.column_name
    left join known on owners.read_text = known.mart_key

),

expected as (

    select
        fed.*,
        readings.rule as reading_rule,
        case fed.comparison
            when 'copy' then nullif(fed.published_text, '')
            when 'row_copy' then nullif(fed.published_text, '')
            when 'text' then fed.read_text
            when 'number' then {{ comparable_number(parse_decimal('fed.read_text') ~ ' * fed.factor') }}
            when 'stages'
                then coalesce(
                    readings.reading,
                    {{ replace_matches("translate(fed.read_text, '&，、', ',,,')", ' ', '') }}
                )
            when 'references' then {{ list_letters('fed.read_text') }}
            else readings.reading
        end as expected_value
    from fed
    left join {{ ref('int_cell_readings') }} as readings
        on
            fed.table_name = readings.table_name
            and fed.record_key = readings.record_key
            and fed.column_name = readings.column_name
            and fed.comparison = readings.comparison

)

select
    source,
    table_name,
    row_key,
    record_key,
    column_name,
    published_text,
    read_text,
    mart,
    mart_column,
    member,
    comparison,
    left_out_rule is not null as is_row_left_out,
    expected_value,
    -- A copy is the printed text to the letter: no rule may act on it.
    case when comparison not like '%copy' then nullif(concat_ws(
        '; ',
        left_out_rule,
        case when correction_reason is not null then 'reviewed_correction' end,
        case
            when published_text <> '' and read_text is null then 'missing_marker_to_null'
            when read_text <> corrected_text then 'whitespace_collapsed'
        end,
        case
            when read_text is null then null
            when comparison = 'number' and expected_value is null then 'not_a_number'
            when comparison = 'number' and factor = 1 and read_text not like '%,%' then null
            else destination_rule
        end,
        reading_rule
    ), '') end as rules
from expected
