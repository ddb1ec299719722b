{% test within_range(model, column_name, min_value=none, max_value=none, min_is_exclusive=false) %}
select {{ column_name }}
from {{ model }}
where
    {{ column_name }} {{ "<=" if min_is_exclusive else "<" }} {{ "-1e308" if min_value is none else min_value }}
    or {{ column_name }} > {{ "1e308" if max_value is none else max_value }}
{% endtest %}
