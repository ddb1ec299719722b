select
    file,
    line,
    reason
from quality.rejected_rows
order by all
