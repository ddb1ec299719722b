{#- Text without surrounding white space, inner runs (no-break and ideographic spaces too) as one space. -#}
{% macro collapse_whitespace(text) -%}
    {{ return(adapter.dispatch('collapse_whitespace')(text)) }}
{%- endmacro %}

{% macro default__collapse_whitespace(text) -%}
    trim(regexp_replace({{ text }}, '[\\s\\u00A0\\u3000]+', ' '))
{%- endmacro %}

{% macro duckdb__collapse_whitespace(text) -%}
    trim(regexp_replace({{ text }}, '[\s\x{00A0}\x{3000}]+', ' ', 'g'))
{%- endmacro %}

{#- A number printed with a decimal comma; null where the text is not a number. -#}
{% macro parse_decimal(text) -%}
    try_cast(replace({{ text }}, ',', '.') as double)
{%- endmacro %}

{% macro parse_integer(text) -%}
    try_cast({{ text }} as int)
{%- endmacro %}

{#- Stable keys of published rows. -#}
{% macro project_id(row_key) -%}
    concat('liu2023-p', lpad({{ row_key }}, 3, '0'))
{%- endmacro %}

{% macro plant_id(row_key) -%}
    concat('liu2023-f', lpad({{ row_key }}, 2, '0'))
{%- endmacro %}

{#- Stable key of a published location text. -#}
{% macro location_id(text) -%}
    concat('loc-', substring(md5({{ text }}), 1, 10))
{%- endmacro %}

{#- A place in words, from the country to the most local name; null where nothing is known. -#}
{% macro place_name(country, division, locality) -%}
    nullif(concat_ws(', ', {{ country }}, {{ division }}, {{ locality }}), '')
{%- endmacro %}

{#- The composition of a record: the published row of Liu et al. 2023, or publication and record. -#}
{% macro composition_id(record_key) -%}
    replace(replace({{ record_key }}, 'liu2023-', 'liu_2023-'), ':', '-')
{%- endmacro %}
