select
    source,
    table_name,
    column_name,
    cells,
    cells_in_rejected_rows,
    cells_published,
    cells_blank,
    cells_carried_as_printed,
    cells_changed,
    cells_rejected,
    cells_lost,
    cells_unknown,
    blanks_filled
from quality.cell_accounting
order by source asc, table_name desc, cells_changed desc, column_name asc
