select
    project_id,
    la_yb_n,
    eu_anomaly,
    ce_anomaly
from marts.fct_project_geochemistry
order by project_id
