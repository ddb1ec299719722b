select * from quality.cell_accounting order by table_name desc, cells_changed desc, column_name
