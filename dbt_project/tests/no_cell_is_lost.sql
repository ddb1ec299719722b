select
    loss,
    rules
from {{ ref('cell_fates') }}
where fate = 'lost'
