select
    table_name,
    file,
    sha256,
    rows_in_file,
    rows_loaded,
    rows_rejected,
    is_as_recorded
from meta.source_files
order by table_name
