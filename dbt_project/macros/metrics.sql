{#- The value of the one row of a group that meets a condition, and its standard error, as two columns. -#}
{% macro value_and_error(name, ending, condition) -%}
    max(case when {{ condition }} then value end) as {{ name }}{{ ending }},
    max(case when {{ condition }} then standard_error end) as {{ name }}_standard_error{{ ending }}
{%- endmacro %}

{#- Share of an oxide (per cent of TREO) as an element over CI chondrite: per cent over ppm. -#}
{% macro over_chondrite(share_pct, oxides) -%}
    {{ share_pct }} / {{ oxides }}.oxide_to_element_factor / {{ oxides }}.chondrite_ppm
{%- endmacro %}
