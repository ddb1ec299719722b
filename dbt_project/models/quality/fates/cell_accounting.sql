-- Cells are counted at both ends: in the file by a reader of its own, in raw, and by the fate of each.
with

raw_cells as (

    select
        source,
        table_name,
        column_name,
        count(case when published_text <> '' then 1 end) as cells_published,
        count(case when published_text = '' then 1 end) as cells_blank
    from {{ ref('int_raw_cells') }}
    group by source, table_name, column_name

),

-- The worst that happened to a cell at any of the places it feeds.
cells as (

    select
        source,
        table_name,
        column_name,
        row_key,
        max(published_value) <> '' as is_published,
        max(case when comparison not like '%copy' and new_value is not null then 1 else 0 end) as has_value,
        max(case fate when 'lost' then 4 when 'rejected' then 3 when 'changed' then 2 else 1 end) as severity
    from {{ ref('cell_fates') }}
    group by source, table_name, column_name, row_key

),

fates as (

    select
        source,
        table_name,
        column_name,
        count(case when is_published and severity = 1 then 1 end) as cells_carried_as_printed,
        count(case when is_published and severity = 2 then 1 end) as cells_changed,
        count(case when is_published and severity = 3 then 1 end) as cells_rejected,
        count(case when severity = 4 then 1 end) as cells_lost,
        count(case when is_published and severity = 2 and has_value = 0 then 1 end) as cells_unknown,
        count(case when not is_published and severity = 2 and has_value = 1 then 1 end) as blanks_filled
    from cells
    group by source, table_name, column_name

)

select
    raw_cells.source,
    raw_cells.table_name,
    raw_cells.column_name,
    cast(files.rows_in_file as bigint) as cells,
    cast(files.rows_rejected as bigint) as cells_in_rejected_rows,
    raw_cells.cells_published,
    raw_cells.cells_blank,
    coalesce(fates.cells_carried_as_printed, 0) as cells_carried_as_printed,
    coalesce(fates.cells_changed, 0) as cells_changed,
    coalesce(fates.cells_rejected, 0) as cells_rejected,
    coalesce(fates.cells_lost, 0) as cells_lost,
    coalesce(fates.cells_unknown, 0) as cells_unknown,
    coalesce(fates.blanks_filled, 0) as blanks_filled
from raw_cells
left join fates
    on
        raw_cells.source = fates.source
        and raw_cells.table_name = fates.table_name
        and raw_cells.column_name = fates.column_name
left join {{ source('meta', 'source_files') }} as files
    on concat(raw_cells.source, '__', raw_cells.table_name) = files.table_name
