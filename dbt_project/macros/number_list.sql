{#-
    The numbers printed in a text, in order, with a space between. "1,500" is one number. A number after a letter, as
    in Pr6O11 or Nd80%, is a part of a name and left out.
-#}
{% macro number_list(text) -%}
    {%- set thousands = ('([0-9]),([0-9][0-9][0-9])', '\\1\\2') -%}
    {%- set state = namespace(sql=text) -%}
    {#- Neighbours share a digit, so the thousands of a number in millions are joined in two rounds. -#}
    {%- for pattern, replacement in [
        ('[A-Za-z][0-9.]+', ' '), thousands, thousands, ('[^0-9.]+', ' '),
    ] -%}
        {%- set state.sql = replace_matches(state.sql, pattern, replacement) -%}
    {%- endfor -%}
    {{ state.sql }}
{%- endmacro %}

{#- Every match of a pattern replaced; groups are written \1. -#}
{% macro replace_matches(text, pattern, replacement) -%}
    {{ return(adapter.dispatch('replace_matches')(text, "'" ~ pattern ~ "'", "'" ~ replacement ~ "'")) }}
{%- endmacro %}

{% macro default__replace_matches(text, pattern, replacement) -%}
    regexp_replace({{ text }}, {{ pattern }}, {{ replacement | replace("\\", "$") }})
{%- endmacro %}

{% macro duckdb__replace_matches(text, pattern, replacement) -%}
    regexp_replace({{ text }}, {{ pattern }}, {{ replacement }}, 'g')
{%- endmacro %}

{#- The numbers of a group as one text, sorted, alike on both sides of a comparison. -#}
{% macro list_numbers(number) -%}
    string_agg(cast(round({{ number }}, 6) as string), '; ' order by {{ number }})
{%- endmacro %}

{#- A number as text for a comparison: equal numbers are equal texts, last digits of a product aside. -#}
{% macro comparable_number(number) -%}
    cast(round({{ number }}, 9) as string)
{%- endmacro %}
