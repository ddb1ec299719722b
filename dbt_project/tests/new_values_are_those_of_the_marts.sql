-- The value that cell_changes gives is the one the mart holds, and it is what the rules make of the cell.
select
    changes.table_name,
    changes.row_key,
    changes.column_name,
    changes.rule,
    changes.new_value,
    fates.expected_value,
    found.mart_value
from {{ ref('cell_changes') }} as changes
inner join {{ ref('cell_fates') }} as fates
    on
        changes.table_name = fates.table_name
        and changes.row_key = fates.row_key
        and changes.column_name = fates.column_name
        and fates.comparison not like '%copy'
inner join {{ ref('int_raw_cells') }} as cells
    on
        changes.table_name = cells.table_name
        and changes.row_key = cells.row_key
        and changes.column_name = cells.column_name
inner join {{ ref('cell_destinations') }} as destinations
    on
        changes.table_name = destinations.table_name
        and changes.column_name = destinations.column_name
        and destinations.comparison not like '%copy'
left join {{ ref('int_mart_values') }} as found
    on
        cells.table_name = found.table_name
        and cells.record_key = found.record_key
        and destinations.mart = found.mart
        and destinations.mart_column = found.mart_column
        and coalesce(destinations.member, '') = found.member
where
    coalesce(changes.new_value, '') <> coalesce(found.new_value, '')
    or (fates.fate = 'changed' and coalesce(fates.expected_value, '') <> coalesce(fates.mart_value, ''))
