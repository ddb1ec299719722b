{#- A correction whose published value is no longer in its cell is stale. -#}
{% test correction_is_applied(model) %}
    select corrections.*
    from {{ model }} as corrections
    left join (
        select * from {{ ref('base_liu_2023__project_cells') }}
        union all
        select * from {{ ref('base_liu_2023__plant_cells') }}
    ) as cells
        on
            corrections.source_table = cells.source_table
            and corrections.row_key = cells.row_key
            and corrections.column_name = cells.column_name
            and corrections.published_value = cells.published_text
    where cells.row_key is null
{% endtest %}
