-- What the reviewed tables make of a company cell: the holders it names, or those of the head of its block.
with

cells as (

    select
        table_name,
        record_key,
        read_text,
        record_id
    from {{ ref('int_raw_cells') }}
    where table_name in ('projects', 'plants') and column_name = 'company'

),

filled as (

    select
        cells.*,
        fills.action,
        fills.assigned_company_id,
        fills.reason,
        coalesce(cells.read_text, heads.read_text) as holder_text
    from cells
    left join {{ ref('company_block_fills') }} as fills
        on cells.record_id = fills.record_id and cells.read_text is null
    left join cells as heads on fills.filled_from_record_id = heads.record_id and fills.action = 'fill_down'

),

named as (

    select
        filled.table_name,
        filled.record_key,
        filled.read_text,
        filled.action,
        max(filled.reason) as reason,
        count(spellings.company_text) as spellings,
        string_agg(companies.company_name, '; ' order by spellings.holder_position) as reading
    from filled
    left join {{ ref('company_spellings') }} as spellings on filled.holder_text = spellings.company_text
    left join {{ ref('companies') }} as companies
        on coalesce(spellings.company_id, filled.assigned_company_id) = companies.company_id
    group by filled.table_name, filled.record_key, filled.read_text, filled.action

)

select
    table_name,
    record_key,
    'company' as column_name,
    'company' as comparison,
    reading,
    case
        when read_text is not null and spellings = 0 then 'company_unmapped'
        when reading is null and (read_text is not null or action is not null) then 'company_unknown'
        when action = 'assign' then 'company_assigned'
        when action = 'fill_down' then 'company_filled_down'
        when reading <> read_text then 'company_spelling_mapped'
    end as rule,
    reason
from named
