{%- set columns = [
    'company', 'plant', 'location', 'status_2022', 'capacity', 'yield', 'upstream', 'downstream',
    'status_references', 'capacity_references', 'yield_references', 'upstream_references',
    'downstream_references',
] -%}

with

pivoted as (

    select
        row_key,
        {{ pivot_cells(columns) }}
    from {{ ref('base_liu_2023__plant_cells') }}
    group by row_key

)

select
    {{ plant_id('row_key') }} as plant_id,
    {{ parse_integer('row_key') }} as plant_number,
    company as company_as_published,
    plant as plant_name,
    location as location_as_published,
    status_2022 as status_as_published,
    capacity as capacity_as_published,
    yield as yield_as_published,
    upstream as upstream_as_published,
    downstream as downstream_as_published,
    status_references,
    capacity_references,
    yield_references,
    upstream_references,
    downstream_references
from pivoted
