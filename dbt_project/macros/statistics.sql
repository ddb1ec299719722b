{#- The number that a table of statistics prints, without separators of thousands; null where there is none. -#}
{% macro printed_number(text) -%}
    try_cast(replace(replace({{ text }}, ',', ''), '>', '') as double)
{%- endmacro %}

{#-
    Status and number of a cell, as two columns. `symbols` is the row of the seed of symbols that the text is, if it
    is one. A text that is neither number nor symbol has no status, which stops the build.
-#}
{% macro read_statistic(text, symbols, is_estimated) -%}
    case
        when {{ symbols }}.value_status is not null then {{ symbols }}.value_status
        when {{ printed_number(text) }} is null then null
        when {{ text }} like '>%' then 'lower_bound'
        when {{ printed_number(text) }} = 0 then 'zero'
        when {{ is_estimated }} then 'estimated'
        else 'reported'
    end as value_status,
    case when {{ symbols }}.value_status = 'zero' then 0 else {{ printed_number(text) }} end as printed_number
{%- endmacro %}

{#- The key of a row of trade as the account of cells writes it. -#}
{% macro trade_key(year) -%}
    concat_ws(' ', retrieval, reporter_code, partner_code, flow_code, hs_code, {{ year }})
{%- endmacro %}
