-- What reviewed tables make of cells, looked up by their text, and the marks a value carries.
with

deposit_types as (

    select
        cells.table_name,
        cells.record_key,
        cells.column_name,
        string_agg(spellings.deposit_type_id, '; ' order by spellings.position) as reading,
        max(case when spellings.position = 1 then spellings.reason end) as reason,
        count(spellings.deposit_type_text) as spellings
    from {{ ref('int_raw_cells') }} as cells
    left join {{ ref('deposit_type_spellings') }} as spellings
        on cells.read_text = spellings.deposit_type_text
    where cells.table_name = 'projects' and cells.column_name = 'deposit_type' and cells.read_text is not null
    group by cells.table_name, cells.record_key, cells.column_name

),

keys as (select distinct reference_keys from {{ source('raw', 'liu_2023__reference_cells') }}),

suspect_zeros as (

    select
        'projects' as table_name,
        cast(projects.project_number as string) as record_key,
        concat(lower(compositions.oxide), '_pct') as column_name,
        concat(
            'the pattern leads to expect ', cast(round(zeros.expected_share_pct, 3) as string), ' % of TREO'
        ) as reason
    from {{ ref('fct_compositions') }} as compositions
    inner join {{ ref('dim_projects') }} as projects on compositions.project_id = projects.project_id
    left join {{ ref('int_suspect_zeros') }} as zeros
        on compositions.composition_id = zeros.composition_id and compositions.oxide = zeros.oxide
    where compositions.value_status = 'zero_suspect' and compositions.source = 'liu_2023'

)

select
    table_name,
    record_key,
    column_name,
    comparison,
    reading,
    rule,
    reason
from {{ ref('int_readings_of_places') }}
union all
select
    table_name,
    record_key,
    column_name,
    comparison,
    reading,
    rule,
    reason
from {{ ref('int_readings_of_companies') }}
union all
select
    table_name,
    record_key,
    column_name,
    comparison,
    reading,
    rule,
    reason
from {{ ref('int_readings_of_stages') }}
union all
select
    table_name,
    record_key,
    column_name,
    comparison,
    reading,
    rule,
    reason
from {{ ref('int_readings_of_statistics') }}
union all
select
    table_name,
    record_key,
    column_name,
    'deposit_type' as comparison,
    reading,
    case when spellings = 0 then 'deposit_type_unmapped' else 'deposit_type_mapped' end as rule,
    reason
from deposit_types
union all
select
    cells.table_name,
    cells.record_key,
    cells.column_name,
    'citation' as comparison,
    cells.read_text as reading,
    case
        when keys.reference_keys is not null then 'citation_to_keys'
        when cells.read_text like 'unresolved:%' then 'citation_unresolved'
    end as rule,
    'the table prints prose; the source package carries the keys of the works it names' as reason
from {{ ref('int_raw_cells') }} as cells
left join keys on cells.read_text = keys.reference_keys
where cells.source = 'liu_2023' and cells.column_name like '%_references' and cells.read_text is not null
union all
select
    table_name,
    record_key,
    column_name,
    'number' as comparison,
    '0.0' as reading,
    'zero_marked_suspect' as rule,
    reason
from suspect_zeros
union all
select
    'plants' as table_name,
    record_key,
    column_name,
    'figures' as comparison,
    printed_value as reading,
    cast(null as string) as rule,
    cast(null as string) as reason
from {{ ref('int_printed_figures') }}
