{%- set columns = [
    'source_table', 'row_key', 'column_name', 'published_text', 'correction_reason', 'correction_evidence',
    'corrected_text', 'clean_text',
] -%}

select
    {{ project_id('row_key') }} as record_id,
    {{ columns | join(', ') }}
from {{ ref('base_liu_2023__project_cells') }}
union all
select
    {{ plant_id('row_key') }} as record_id,
    {{ columns | join(', ') }}
from {{ ref('base_liu_2023__plant_cells') }}
