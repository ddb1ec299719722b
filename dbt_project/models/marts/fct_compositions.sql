select
    project_id,
    oxide,
    share_of_treo_pct,
    share_of_tree_pct,
    value_status,
    share_basis,
    share_as_published
from {{ ref('int_compositions') }}
