{#- The wider interval holds the narrower one, and both hold the prediction. -#}
{% test interval_order(model) %}
    select *
    from {{ model }}
    where
        lower_90_pct > lower_80_pct
        or lower_80_pct > predicted_pct
        or predicted_pct > upper_80_pct
        or upper_80_pct > upper_90_pct
{% endtest %}
