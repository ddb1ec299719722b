select
    continent,
    deposit_type,
    hree_pct_mean,
    projects,
    reference_printed_value
from marts.rpt_hree_by_continent_deposit_type
order by deposit_type, continent
