-- Rules that make numbers of text.
with

numbers as (

    select
        *,
        {{ parse_decimal('clean_text') }} as parsed_number
    from {{ ref('int_cells') }}
    where
        source_table = 'projects'
        and (column_name like '%_pct' or column_name = 'resource_10kt_reo')

)

select
    record_id,
    column_name,
    cast(parsed_number as string) as new_value,
    'decimal_comma_to_point' as rule,
    cast(null as string) as reason
from numbers
where parsed_number is not null and column_name <> 'resource_10kt_reo' and clean_text like '%,%'
union all
select
    record_id,
    column_name,
    cast(round(parsed_number * 10000, 4) as string) as new_value,
    'ten_kilotonnes_to_tonnes' as rule,
    cast(null as string) as reason
from numbers
where parsed_number is not null and column_name = 'resource_10kt_reo'
union all
select
    record_id,
    column_name,
    cast(null as string) as new_value,
    'not_a_number' as rule,
    'the text is no number, so the value is unknown' as reason
from numbers
where clean_text is not null and parsed_number is null
union all
select
    project_id as record_id,
    concat(lower(oxide), '_pct') as column_name,
    '0' as new_value,
    'zero_marked_suspect' as rule,
    concat('the pattern leads to expect ', cast(round(expected_share_pct, 3) as string), ' % of TREO')
        as reason
from {{ ref('int_suspect_zeros') }}
where is_suspect
