{% test low_not_above_high(model, low, high) %}
    select *
    from {{ model }}
    where
        {{ low }} > {{ high }}
        or ({{ low }} is null and {{ high }} is not null)
        or ({{ low }} is not null and {{ high }} is null)
{% endtest %}
