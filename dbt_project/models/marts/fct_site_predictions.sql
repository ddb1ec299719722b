-- The ensemble reads these marts too, and predicts their sites, outside dbt.
-- depends_on: {{ ref('dim_sites') }}
-- depends_on: {{ ref('fct_site_minerals') }}
select
    model_run_id,
    site_id,
    oxide,
    predicted_pct,
    lower_80_pct,
    upper_80_pct,
    lower_90_pct,
    upper_90_pct,
    is_extrapolated,
    mineral_basis
from {{ source('ml', 'site_predictions') }}
