{%- set columns = [
    'company', 'plant', 'location', 'status_2022', 'capacity', 'yield', 'upstream', 'downstream',
    'status_references', 'capacity_references', 'yield_references', 'upstream_references',
    'downstream_references',
] -%}

{{ source_cells(source('raw', 'liu_2023__plants'), 'plants', 'plant_number', columns) }}
