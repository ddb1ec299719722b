select
    gate,
    "check",
    outcome,
    observed
from quality.check_results
order by all
