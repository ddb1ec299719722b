-- Ratios are of the published table: a project whose best composition is of another source has none here.
select
    ratios.project_id,
    ratios.la_yb_n,
    ratios.eu_anomaly,
    ratios.ce_anomaly
from marts.fct_project_geochemistry as ratios
inner join marts.composition_best_wide as best on ratios.project_id = best.project_id
where best.source = 'liu_2023'
order by ratios.project_id
