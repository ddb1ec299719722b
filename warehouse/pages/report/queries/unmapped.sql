select
    value_kind,
    value_as_published,
    occurrences,
    record_ids,
    remedy
from quality.unmapped_values
order by all
