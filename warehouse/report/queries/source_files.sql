select * from meta.source_files order by table_name
