{#- No capacity or yield cell is lost, and none is there that was not published. -#}
{% test every_capacity_cell_has_rows(model) %}
    with

    published as (

        select
            plant_id,
            'capacity' as measure
        from {{ ref('stg_liu_2023__plants') }}
        where capacity_text is not null
        union all
        select
            plant_id,
            'yield' as measure
        from {{ ref('stg_liu_2023__plants') }}
        where yield_text is not null

    ),

    carried as (select distinct plant_id, measure from {{ model }})

    select
        published.plant_id as published_plant_id,
        carried.plant_id as carried_plant_id
    from published
    full outer join carried
        on
            published.plant_id = carried.plant_id
            and published.measure = carried.measure
    where published.plant_id is null or carried.plant_id is null
{% endtest %}
