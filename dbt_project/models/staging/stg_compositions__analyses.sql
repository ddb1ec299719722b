select
    analyses.publication_id,
    analyses.source_record_key,
    analyses.record_name,
    analyses.material,
    analyses.quantity,
    analyses.cerium_as,
    analyses.reference,
    analyses.place_in_reference,
    oxides.oxide,
    nullif(analyses.note, '') as note,
    nullif(cells.cell_text, '') as share_as_published,
    {{ parse_decimal('cells.cell_text') }} as share_read_pct,
    {{ parse_integer('analyses.year') }} as year
from {{ source('raw', 'compositions__analyses') }} as analyses
inner join {{ unpivot_cells(source('raw', 'compositions__analyses'), 'source_record_key') }} as cells
    on analyses.source_record_key = cells.record_key
inner join {{ ref('oxides') }} as oxides on cells.column_name = concat(lower(oxides.oxide), '_pct')
