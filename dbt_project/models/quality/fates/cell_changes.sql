with

changes as (

    select * from {{ ref('int_changes_of_text') }}
    union all
    select * from {{ ref('int_changes_of_numbers') }}
    union all
    select * from {{ ref('int_changes_of_places_and_types') }}
    union all
    select * from {{ ref('int_changes_of_companies') }}
    union all
    select * from {{ ref('int_changes_of_statuses') }}
    union all
    select * from {{ ref('int_changes_of_figures_and_supply') }}

)

select
    'liu_2023' as source,
    cells.source_table as table_name,
    cells.row_key,
    changes.record_id,
    changes.column_name,
    changes.rule,
    cells.published_text as published_value,
    changes.new_value,
    changes.reason
from changes
inner join {{ ref('int_cells') }} as cells
    on changes.record_id = cells.record_id and changes.column_name = cells.column_name
