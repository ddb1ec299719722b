{#- A number is there where the status says so, and is zero where it says so and nowhere else. -#}
{% test status_fits_number(model, number) %}
    select *
    from {{ model }}
    where
        value_status is null
        or ({{ number }} is null)
        <> (value_status in ('not_available', 'withheld', 'included_elsewhere', 'less_than_half_unit'))
        or coalesce({{ number }} = 0, false) <> (value_status = 'zero')
{% endtest %}
