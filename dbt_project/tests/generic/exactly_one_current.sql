{#- One run is current once there is a run at all. -#}
{% test exactly_one_current(model) %}
    select count(case when is_current then 1 end) as current_runs
    from {{ model }}
    having count(*) > 0 and count(case when is_current then 1 end) <> 1
{% endtest %}
