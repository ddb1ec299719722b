-- An analysis with shares of which no review says what was analysed.
select
    composition_id,
    record_name
from {{ ref('dim_compositions') }}
where oxides_reported > 0 and reason is null
