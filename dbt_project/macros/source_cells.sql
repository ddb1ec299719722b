{#-
    One row per cell of a raw table: what was printed, what a reviewed correction makes of it, and the text
    that the later layers read. Every rule that changes a cell acts here, so that nothing changes unseen.
-#}
{% macro source_cells(relation, table_name, key, columns) -%}
with

published as (

    {% for column in columns %}
    select
        '{{ table_name }}' as source_table,
        {{ key }} as row_key,
        '{{ column }}' as column_name,
        {{ column }} as published_text
    from {{ relation }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

corrected as (

    select
        published.source_table,
        published.row_key,
        published.column_name,
        published.published_text,
        corrections.reason as correction_reason,
        corrections.evidence as correction_evidence,
        coalesce(corrections.corrected_value, published.published_text) as corrected_text
    from published
    left join {{ ref('stg_liu_2023__corrections') }} as corrections
        on
            published.source_table = corrections.source_table
            and published.row_key = corrections.row_key
            and published.column_name = corrections.column_name
            and published.published_text = corrections.published_value

),

cleaned as (

    select
        *,
        {{ collapse_whitespace('corrected_text') }} as collapsed_text
    from corrected

)

select
    source_table,
    row_key,
    column_name,
    published_text,
    correction_reason,
    correction_evidence,
    corrected_text,
    case when collapsed_text not in ('', '-') then collapsed_text end as clean_text
from cleaned
{%- endmacro %}

{#- The cells of one row side by side again, as text columns: what the later layers read, or what was printed. -#}
{% macro pivot_cells(columns, text='clean_text', suffix='') -%}
    {% for column in columns -%}
    max(case when column_name = '{{ column }}' then {{ text }} end) as {{ column }}{{ suffix }}{{ "," if not loop.last }}
    {% endfor %}
{%- endmacro %}

{#- The 15 oxides in the order of the published table. -#}
{% macro oxides() -%}
    {{ return([
        'La2O3', 'Ce2O3', 'Pr6O11', 'Nd2O3', 'Sm2O3', 'Eu2O3', 'Gd2O3', 'Tb4O7',
        'Dy2O3', 'Ho2O3', 'Er2O3', 'Tm2O3', 'Yb2O3', 'Lu2O3', 'Y2O3',
    ]) }}
{%- endmacro %}

{% macro oxide_share_columns() -%}
    {%- set columns = [] -%}
    {%- for oxide in oxides() -%}{%- do columns.append(oxide | lower ~ '_pct') -%}{%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}
