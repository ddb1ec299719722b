with

records as (

    select
        project_id as record_id,
        'project' as record_kind,
        company_text
    from {{ ref('stg_liu_2023__projects') }}
    union all
    select
        plant_id as record_id,
        'plant' as record_kind,
        company_text
    from {{ ref('stg_liu_2023__plants') }}

),

-- A company is printed once for a block of rows; each blank was judged by itself.
with_block_head as (

    select
        records.record_id,
        records.record_kind,
        records.company_text,
        fills.action,
        fills.assigned_company_id,
        heads.company_text as head_company_text
    from records
    left join {{ ref('company_block_fills') }} as fills
        on records.record_id = fills.record_id and records.company_text is null
    left join records as heads
        on fills.filled_from_record_id = heads.record_id and fills.action = 'fill_down'

),

spelt as (

    select
        with_block_head.record_id,
        with_block_head.record_kind,
        with_block_head.company_text,
        with_block_head.action,
        with_block_head.assigned_company_id,
        coalesce(spellings.holder_position, 1) as holder_position,
        coalesce(spellings.company_id, with_block_head.assigned_company_id) as company_id
    from with_block_head
    left join {{ ref('company_spellings') }} as spellings
        on
            coalesce(with_block_head.company_text, with_block_head.head_company_text)
            = spellings.company_text

)

select
    record_id,
    record_kind,
    holder_position,
    company_id,
    company_text,
    case
        when company_id is null then 'unknown'
        when company_text is not null then 'as_published'
        when action = 'assign' then 'assigned'
        else 'filled_down'
    end as company_source
from spelt
