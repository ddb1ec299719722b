{%- set columns = [
    'deposit_number', 'company', 'project', 'location', 'continent', 'status_2022', 'deposit_type',
    'resource_10kt_reo', 'grade_wt_pct', 'hree_pct', 'composition_references', 'status_references',
    'deposit_type_references', 'resource_references',
] -%}
{%- set kept_as_published = [
    'company', 'location', 'continent', 'status_2022', 'deposit_type', 'resource_10kt_reo', 'grade_wt_pct',
] -%}

with

pivoted as (

    select
        row_key,
        {{ pivot_cells(columns) }},
        {{ pivot_cells(kept_as_published, "nullif(published_text, '')", '_as_published') }}
    from {{ ref('base_liu_2023__project_cells') }}
    group by row_key

)

select
    {{ project_id('row_key') }} as project_id,
    {{ parse_integer('row_key') }} as project_number,
    {{ parse_integer('deposit_number') }} as deposit_number,
    company_as_published,
    company as company_text,
    project as project_name,
    location_as_published,
    location as location_text,
    continent_as_published,
    continent as continent_text,
    status_2022_as_published as status_as_published,
    status_2022 as status_text,
    deposit_type_as_published,
    deposit_type as deposit_type_text,
    composition_references,
    status_references,
    deposit_type_references,
    resource_references,
    resource_10kt_reo_as_published,
    grade_wt_pct_as_published,
    -- The table prints resources in units of ten thousand tonnes.
    round({{ parse_decimal('resource_10kt_reo') }} * 10000, 4) as resource_treo_t,
    {{ parse_decimal('grade_wt_pct') }} as grade_treo_wt_pct,
    {{ parse_decimal('hree_pct') }} as hree_reported_pct
from pivoted
