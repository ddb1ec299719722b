{% test produced_is_recoverable(model) %}
-- No project yields more than there is to recover, or before it can.
select scenario, project_id
from {{ model }}
where produced_treo_t > recoverable_treo_t * 1.000000001 or start_year < earliest_year
{% endtest %}
