select
    model_run_id,
    subject_id,
    oxide,
    draw,
    share_pct
from {{ source('ml', 'composition_draws') }}
order by subject_id, oxide, draw
