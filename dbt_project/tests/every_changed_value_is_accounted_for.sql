-- A cell whose value in staging differs from the printed text must have a row in quality.cell_changes.
select
    cells.record_id,
    cells.column_name,
    cells.published_text,
    cells.clean_text
from {{ ref('int_cells') }} as cells
left join {{ ref('cell_changes') }} as changes
    on cells.record_id = changes.record_id and cells.column_name = changes.column_name
where
    cells.published_text <> ''
    and coalesce(cells.clean_text, '') <> cells.published_text
    and changes.rule is null
