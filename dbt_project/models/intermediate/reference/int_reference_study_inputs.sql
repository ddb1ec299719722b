{%- set texts = ['location', 'continent', 'deposit_type', 'status_2022'] -%}
{%- set figures = ['hree_pct'] + oxide_share_columns() -%}

with

-- The study read the table as printed, slips included: no correction and no cleaning acts here.
printed as (

    select
        row_key,
        {{ pivot_cells(texts + figures, 'published_text') }}
    from {{ ref('base_liu_2023__project_cells') }}
    group by row_key

)

select
    {{ project_id('row_key') }} as project_id,
    {%- for column in figures %}
    {{ parse_decimal(column) }} as {{ column }},
    {%- endfor %}
    location as location_as_published,
    continent as continent_as_published,
    deposit_type as deposit_type_as_published,
    status_2022 as status_as_published
from printed
