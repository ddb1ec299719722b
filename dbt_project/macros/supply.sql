{#- What is left of a name for comparison: lower case, without spaces, hyphens, full stops and quotation marks. -#}
{% macro supply_name_key(text) -%}
    translate(lower({{ text }}), ' -.’''"', '')
{%- endmacro %}

{#- The distinct values of a text column in order, joined by a separator. -#}
{% macro join_sorted(text, separator=';') -%}
    {{ return(adapter.dispatch('join_sorted')(text, "'" ~ separator ~ "'")) }}
{%- endmacro %}

{% macro default__join_sorted(text, separator) -%}
    array_join(sort_array(collect_set({{ text }})), {{ separator }})
{%- endmacro %}

{% macro duckdb__join_sorted(text, separator) -%}
    string_agg(distinct {{ text }}, {{ separator }} order by {{ text }})
{%- endmacro %}

{#- A number as text with so many decimals, alike on every engine. -#}
{% macro number_text(number, decimals=1) -%}
    cast(cast({{ number }} as decimal(18, {{ decimals }})) as string)
{%- endmacro %}

{#- A count with its noun: 1 holder, 2 holders. -#}
{% macro counted(number, noun) -%}
    concat(cast({{ number }} as string), ' {{ noun }}', case when {{ number }} = 1 then '' else 's' end)
{%- endmacro %}
