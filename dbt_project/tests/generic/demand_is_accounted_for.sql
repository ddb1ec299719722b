{% test demand_is_accounted_for(model) %}
-- What is asked for is recycled, supplied or unmet, and what is available is supplied or surplus.
select scenario, item, year
from {{ model }}
where abs(demand_t - recycled_t - supplied_t - unmet_t) > 0.000001 * (1 + demand_t)
    or abs(available_t - supplied_t - surplus_t) > 0.000001 * (1 + available_t)
{% endtest %}
