select
    concat('weng_2015:', cells.record_key) as source_record_key,
    cells.record_key as record_name,
    oxides.oxide,
    {{ parse_decimal('cells.cell_text') }} as content_ppm
from {{ unpivot_cells(source('raw', 'weng_2015__contents'), 'site') }} as cells
inner join {{ ref('oxides') }} as oxides on cells.column_name = concat(lower(oxides.element), '_ppm')
