{%- set columns = [
    'company', 'plant', 'location', 'status_2022', 'capacity', 'yield', 'upstream', 'downstream',
    'status_references', 'capacity_references', 'yield_references', 'upstream_references',
    'downstream_references',
] -%}
{%- set kept_as_published = [
    'company', 'location', 'status_2022', 'capacity', 'yield', 'upstream', 'downstream',
] -%}

with

pivoted as (

    select
        row_key,
        {{ pivot_cells(columns) }},
        {{ pivot_cells(kept_as_published, "nullif(published_text, '')", '_as_published') }}
    from {{ ref('base_liu_2023__plant_cells') }}
    group by row_key

)

select
    {{ plant_id('row_key') }} as plant_id,
    {{ parse_integer('row_key') }} as plant_number,
    company_as_published,
    company as company_text,
    plant as plant_name,
    location_as_published,
    location as location_text,
    status_2022_as_published as status_as_published,
    status_2022 as status_text,
    capacity_as_published,
    capacity as capacity_text,
    yield_as_published,
    yield as yield_text,
    upstream_as_published,
    upstream as upstream_text,
    downstream_as_published,
    downstream as downstream_text,
    status_references,
    capacity_references,
    yield_references,
    upstream_references,
    downstream_references
from pivoted
