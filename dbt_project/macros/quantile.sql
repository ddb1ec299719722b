{#- The quantile of a number over the rows of a group, interpolated between the two nearest rows. -#}
{% macro quantile(number, fraction) -%}
    {{ return(adapter.dispatch('quantile')(number, fraction)) }}
{%- endmacro %}

{% macro default__quantile(number, fraction) -%}
    percentile({{ number }}, {{ fraction }})
{%- endmacro %}

{% macro duckdb__quantile(number, fraction) -%}
    quantile_cont({{ number }}, {{ fraction }})
{%- endmacro %}

{#- The ends of the intervals of 90 and 80 per cent of a number over the draws of a group, as four columns. -#}
{% macro interval_ends(number) -%}
    {% for end, fraction in [('lower_90', 0.05), ('lower_80', 0.1), ('upper_80', 0.9), ('upper_90', 0.95)] -%}
        {{ quantile(number, fraction) }} as {{ end }}{{ ',' if not loop.last }}
    {% endfor %}
{%- endmacro %}
