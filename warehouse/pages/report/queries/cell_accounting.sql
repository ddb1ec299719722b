select
    table_name,
    column_name,
    cells_published,
    cells_blank,
    cells_carried_as_printed,
    cells_changed,
    cells_unknown,
    blanks_filled
from quality.cell_accounting
order by table_name desc, cells_changed desc, column_name asc
