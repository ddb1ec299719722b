with

cells as (

    select
        source_table as table_name,
        column_name,
        record_id,
        published_text <> '' as is_filled
    from {{ ref('int_cells') }}

),

changed as (

    select
        table_name,
        column_name,
        count(distinct case when published_value <> '' then record_id end) as cells_changed,
        count(distinct case when published_value = '' and new_value is not null then record_id end)
            as blanks_filled,
        count(distinct case when published_value <> '' and new_value is null then record_id end)
            as cells_unknown
    from {{ ref('cell_changes') }}
    group by table_name, column_name

),

counted as (

    select
        table_name,
        column_name,
        count(*) as cells,
        count(case when is_filled then 1 end) as cells_published
    from cells
    group by table_name, column_name

)

select
    counted.table_name,
    counted.column_name,
    counted.cells,
    counted.cells_published,
    counted.cells - counted.cells_published as cells_blank,
    counted.cells_published - coalesce(changed.cells_changed, 0) as cells_carried_as_printed,
    coalesce(changed.cells_changed, 0) as cells_changed,
    coalesce(changed.cells_unknown, 0) as cells_unknown,
    coalesce(changed.blanks_filled, 0) as blanks_filled
from counted
left join changed
    on counted.table_name = changed.table_name and counted.column_name = changed.column_name
