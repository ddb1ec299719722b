{#- At most one analysis per project or other deposit is chosen, and one wherever one could be. -#}
{% test one_is_chosen(model) %}
    select
        subject,
        count(case when is_chosen then 1 end) as chosen
    from {{ model }}
    group by subject
    having
        count(case when is_chosen then 1 end) > 1
        or (
            count(case when is_chosen then 1 end) = 0
            and count(
                case when oxides_reported > 0 and coverage = 'deposit' and fault is null then 1 end
            ) > 0
        )
{% endtest %}
