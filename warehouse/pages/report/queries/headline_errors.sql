select
    of_what,
    projects,
    sites,
    error_pct,
    error_standard_error_pct,
    training_mean_error_pct,
    training_mean_error_standard_error_pct,
    family_mean_error_pct,
    family_mean_error_standard_error_pct,
    protocol
from marts.rpt_headline_errors
order by headline_place
