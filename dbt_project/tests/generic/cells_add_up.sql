{#- Carried and changed cells are the published ones, and these with the blanks are all. -#}
{% test cells_add_up(model) %}
select *
from {{ model }}
where
    cells_carried_as_printed + cells_changed <> cells_published
    or cells_published + cells_blank <> cells
    or cells_carried_as_printed < 0
{% endtest %}
