select
    deposit_type_id,
    deposit_type,
    deposit_family,
    is_tailings,
    usgs_deposit_code,
    description
from {{ ref('deposit_types') }}
