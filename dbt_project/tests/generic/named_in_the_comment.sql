{#- Every value is a word of the column's own comment, where the values of a closed list are written once. -#}
{% test named_in_the_comment(model, column_name, described_by) %}
{%- set words = ["'none'"] %}
{%- if execute %}
    {%- set described = graph.nodes.values() | selectattr("resource_type", "equalto", "model")
        | selectattr("name", "equalto", described_by) | first %}
    {%- for word in modules.re.findall("[a-z]+(?:_[a-z]+)+", described.columns[column_name].description) %}
        {%- do words.append("'" ~ word ~ "'") %}
    {%- endfor %}
{%- endif %}
select {{ column_name }}
from {{ model }}
where {{ column_name }} not in ({{ words | join(", ") }})
{% endtest %}
