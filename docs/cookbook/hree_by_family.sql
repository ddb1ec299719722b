-- Question: how heavy are the rare earths of each deposit family, where they have been analysed?
-- Grain: one row per deposit family.
-- What counts: projects of which all 15 shares are published. HREE is Gd to Lu and Y, in % of TREO. A share
--   printed as 0 counts with its estimate: it was not analysed, or was too small to print.
-- Caveat: few rows, and projects of one site resemble each other: sites counts what is independent. The
--   median says more than the mean, which one xenotime deposit can move.
select
    deposit_types.deposit_family,
    count(*) as projects,
    count(distinct projects.site_id) as sites,
    avg(best.hree_pct) as hree_pct_mean,
    median(best.hree_pct) as hree_pct_median,
    min(best.hree_pct) as hree_pct_min,
    max(best.hree_pct) as hree_pct_max
from marts.dim_projects as projects
inner join marts.composition_best_wide as best on projects.project_id = best.project_id
inner join marts.dim_deposit_types as deposit_types
    on projects.deposit_type_id = deposit_types.deposit_type_id
where projects.has_full_composition and best.share_basis <> 'other'
group by deposit_types.deposit_family
order by hree_pct_median desc, deposit_types.deposit_family asc
