with

met as (

    select
        expected.*,
        found.new_value,
        coalesce(found.is_unmapped, false) as is_unmapped,
        case
            when expected.comparison in ('number', 'statistic')
                then {{ comparable_number(parse_decimal('found.mart_value')) }}
            else found.mart_value
        end as mart_value,
        coalesce(expected.rules like '%unmapped%' or expected.rules like '%not_a_number%', false)
            as is_refused,
        coalesce(expected.rules like '%unknown%', false) as is_judged_unknown
    from {{ ref('int_expected_values') }} as expected
    left join {{ ref('int_mart_values') }} as found
        on
            expected.table_name = found.table_name
            and expected.record_key = found.record_key
            and expected.mart = found.mart
            and expected.mart_column = found.mart_column
            and coalesce(expected.member, '') = found.member

),

judged as (

    select
        *,
        case
            when mart is null then 'lost'
            when is_row_left_out and mart_value is null then 'rejected'
            -- Whether the mart makes rows of the cell at all is judged by the value they hold.
            when comparison = 'row_copy' and mart_value is null then 'carried'
            when coalesce(expected_value, '') <> coalesce(mart_value, '')
                then case when is_unmapped then 'rejected' else 'lost' end
            when is_refused then 'rejected'
            -- A text that a mapping blanks is lost, unless a reviewer says that nothing is known.
            when read_text is not null and expected_value is null and not is_judged_unknown then 'lost'
            when rules is not null then 'changed'
            else 'carried'
        end as fate
    from met

)

select
    source,
    table_name,
    row_key,
    column_name,
    coalesce(mart, 'none') as mart,
    coalesce(mart_column, 'none') as mart_column,
    coalesce(comparison, 'none') as comparison,
    published_text as published_value,
    expected_value,
    mart_value,
    new_value,
    fate,
    case when is_unmapped and fate = 'rejected' then concat(comparison, '_unmapped') else rules end as rules,
    case when fate = 'lost' then concat(
        source, ' ', table_name, ', row ', row_key, ', column ', column_name, ': ''', published_text, ''' ',
        case
            when mart is null then 'has no destination; name one in dbt_project/seeds/cell_destinations.csv'
            when expected_value is null and mart_value is null
                then concat('is printed, but marts.', mart, '.', mart_column, ' and its mapping are blank')
            else concat(
                'should be ', coalesce(expected_value, 'blank'), ' in marts.', mart, '.', mart_column,
                ', which holds ', coalesce(mart_value, 'nothing')
            )
        end, '.'
    ) end as loss
from judged
