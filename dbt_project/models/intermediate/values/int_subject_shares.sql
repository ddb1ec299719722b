select
    project_id as subject_id,
    oxide,
    closed_pct,
    share_basis,
    value_origin = 'reported' as is_reported,
    coalesce(is_extrapolated, false) as is_extrapolated
from {{ ref('composition_best') }}
