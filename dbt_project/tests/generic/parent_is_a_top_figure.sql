{#- A containing figure is in the same cell and is not itself contained: top figures can be added up. -#}
{% test parent_is_a_top_figure(model) %}
    select figures.*
    from {{ model }} as figures
    left join {{ model }} as parents
        on
            figures.plant_id = parents.plant_id
            and figures.measure = parents.measure
            and figures.parent_figure_position = parents.figure_position
    where
        figures.parent_figure_position is not null
        and (parents.figure_position is null or parents.parent_figure_position is not null)
{% endtest %}
