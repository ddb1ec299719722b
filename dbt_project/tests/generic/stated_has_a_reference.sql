{#- Whoever says a reference states it must say which one was read, and where. -#}
{% test stated_has_a_reference(model) %}
select *
from {{ model }}
where confidence = 'stated' and (reference_url is null or lower(reference) = 'general knowledge')
{% endtest %}
