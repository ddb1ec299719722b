{#- The parts of a figure weigh no more together than the figure; restatements are left out. -#}
{% test parts_do_not_exceed_their_total(model) %}
    select
        parents.plant_id,
        parents.measure,
        parents.figure_position,
        parents.amount_high_t,
        sum(parts.amount_high_t) as parts_t
    from {{ model }} as parts
    inner join {{ model }} as parents
        on
            parts.plant_id = parents.plant_id
            and parts.measure = parents.measure
            and parts.parent_figure_position = parents.figure_position
    where parts.restates_figure_position is null
    group by parents.plant_id, parents.measure, parents.figure_position, parents.amount_high_t
    having sum(parts.amount_high_t) > parents.amount_high_t * 1.001
{% endtest %}
