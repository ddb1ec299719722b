-- Rules that act on the text of a cell before anything reads it.
select
    record_id,
    column_name,
    corrected_text as new_value,
    'reviewed_correction' as rule,
    correction_reason as reason
from {{ ref('int_cells') }}
where correction_reason is not null
union all
select
    record_id,
    column_name,
    clean_text as new_value,
    'whitespace_collapsed' as rule,
    cast(null as string) as reason
from {{ ref('int_cells') }}
where clean_text <> corrected_text
union all
select
    record_id,
    column_name,
    cast(null as string) as new_value,
    'missing_marker_to_null' as rule,
    cast(null as string) as reason
from {{ ref('int_cells') }}
where clean_text is null and published_text <> ''
