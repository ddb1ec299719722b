select
    project_id,
    oxide,
    share_of_treo_pct,
    value_status,
    share_as_published
from {{ ref('int_compositions') }}
