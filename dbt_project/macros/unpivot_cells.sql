{#-
    The cells of a relation one below the other, as text: columns record_key, member, column_name and cell_text.
    record_key and member are expressions over the relation's columns. Whatever columns the relation has are there.
-#}
{% macro unpivot_cells(relation, record_key, member="''") -%}
    {{ return(adapter.dispatch('unpivot_cells')(relation, record_key, member)) }}
{%- endmacro %}

{% macro default__unpivot_cells(relation, record_key, member) -%}
(
    {% for column in adapter.get_columns_in_relation(relation) %}
    select
        {{ record_key }} as record_key,
        {{ member }} as member,
        '{{ column.name }}' as column_name,
        cast({{ column.quoted }} as string) as cell_text
    from {{ relation }}
    {{ "union all" if not loop.last }}
    {% endfor %}
)
{%- endmacro %}

{% macro duckdb__unpivot_cells(relation, record_key, member) -%}
(
    select *
    from (
        select {{ record_key }} as record_key, {{ member }} as member, cast(columns(*) as varchar)
        from {{ relation }}
    )
    unpivot include nulls (cell_text for column_name in (columns(* exclude (record_key, member))))
)
{%- endmacro %}
