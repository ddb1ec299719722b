-- A cell that was changed or rejected names a rule, and each of its rules has a row in cell_changes.
select
    fates.table_name,
    fates.row_key,
    fates.column_name,
    fates.published_value,
    fates.new_value
from {{ ref('cell_fates') }} as fates
left join {{ ref('cell_changes') }} as changes
    on
        fates.table_name = changes.table_name
        and fates.row_key = changes.row_key
        and fates.column_name = changes.column_name
where fates.fate in ('changed', 'rejected') and (fates.rules is null or changes.rule is null)
