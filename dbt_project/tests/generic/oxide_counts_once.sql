{#- Every yearly figure of oxide counts once: itself, in the figure it is a part of, or as restated. -#}
{% test oxide_counts_once(model) %}
    select figures.*
    from {{ model }} as figures
    left join {{ model }} as others
        on
            figures.plant_id = others.plant_id
            and figures.measure = others.measure
            and coalesce(figures.restates_figure_position, figures.parent_figure_position)
            = others.figure_position
    where
        case
            when
                figures.basis like 'oxide%' and figures.flow = 'product' and figures.is_per_year then 1
            else 0
        end
        <> case when figures.oxide_sum is not null then 1 else 0 end
        + case when others.basis like 'oxide%' and others.flow = 'product' and figures.is_per_year then 1 else 0 end
{% endtest %}
