select
    table_name as source_table,
    row_key,
    column_name,
    published_value,
    corrected_value,
    reason,
    evidence,
    case
        when table_name = 'projects' then {{ project_id('row_key') }}
        else {{ plant_id('row_key') }}
    end as record_id
from {{ source('raw', 'liu_2023__corrections') }}
