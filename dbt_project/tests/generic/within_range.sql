{% test within_range(model, column_name, min_value=none, max_value=none, min_is_exclusive=false) %}
    {%- set too_low = "<=" if min_is_exclusive else "<" %}
    select {{ column_name }}
    from {{ model }}
    where
        false
        {%- if min_value is not none %}
        or {{ column_name }} {{ too_low }} {{ min_value }}
        {%- endif %}
        {%- if max_value is not none %}
        or {{ column_name }} > {{ max_value }}
        {%- endif %}
{% endtest %}
