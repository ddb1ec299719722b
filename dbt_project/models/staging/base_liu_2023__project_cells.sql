{%- set columns = [
    'deposit_number', 'company', 'project', 'location', 'continent', 'status_2022', 'deposit_type',
    'resource_10kt_reo', 'grade_wt_pct',
] + oxide_share_columns() + [
    'hree_pct', 'composition_references', 'status_references', 'deposit_type_references',
    'resource_references',
] -%}

{{ source_cells(source('raw', 'liu_2023__projects'), 'projects', 'project_number', columns) }}
