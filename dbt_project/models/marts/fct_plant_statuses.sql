select
    plant_id,
    stage_position,
    stage_code,
    stage,
    stage_order,
    effective_year,
    is_expected,
    is_current,
    status_as_published,
    status_text
from {{ ref('int_plant_statuses') }}
