{#- Cells of the file are in raw or in rejected rows; what raw prints has a fate, and none is lost. -#}
{% test cells_add_up(model) %}
select *
from {{ model }}
where
    cells is null
    or cells_published + cells_blank + cells_in_rejected_rows <> cells
    or cells_carried_as_printed + cells_changed + cells_rejected <> cells_published
    or cells_lost > 0
{% endtest %}
