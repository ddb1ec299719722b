{#- Whether a text names heavy or light rare earths; null is no text. -#}
{% macro names_fraction(text) -%}
    {%- for words in ['heavy rare', 'heavy ree', 'light rare', 'light ree', 'hree', 'lree'] -%}
    {{ 'or ' if not loop.first -}}
    concat(' ', lower(replace(coalesce({{ text }}, ''), '-', ' '))) like '% {{ words }}%'
    {% endfor -%}
{%- endmacro %}
