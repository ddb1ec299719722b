{% test ranges_hold_their_default(model) %}
-- The default lies in the range that is tried, and that in what makes sense.
select parameter
from {{ model }}
where not (
    least_value <= low_value and low_value <= default_value
    and default_value <= high_value and high_value <= greatest_value
)
{% endtest %}
