{%- set marts = [
    ('dim_projects', 'project_id', "''"),
    ('dim_plants', 'plant_id', "''"),
    ('dim_locations', 'location_id', "''"),
    ('bridge_project_deposit_types', 'project_id', "''"),
    ('fct_compositions', 'composition_id', 'oxide'),
    ('dim_compositions', 'composition_id', "''"),
    ('fct_project_statuses', 'project_id', "''"),
    ('fct_plant_statuses', 'plant_id', "''"),
    ('fct_plant_capacities', 'plant_id', 'measure'),
    ('bridge_supply_references', 'plant_id', 'direction'),
    ('bridge_supply_edges', 'plant_id', 'direction'),
    ('dim_minerals', 'mineral', "''"),
    ('dim_releases', 'release', "''"),
    ('fct_production', "concat(release, ' ', area_as_published, ' ', cast(year as string))", "''"),
    ('fct_reserves', "concat(release, ' ', area_as_published)", "''"),
    ('fct_prices', "concat(release, ' ', product_as_published, ' ', cast(year as string))", "''"),
    ('fct_trade', trade_key('cast(year as string)'), "''"),
    ('fct_project_minerals', "concat(project_id, ' ', cast(rank as string))", "''"),
] -%}

-- What the marts hold, value by value, read from the marts alone.
with

cells as (

    {% for mart, key, member in marts %}
    select
        '{{ mart }}' as mart,
        mart_cells.*
    from {{ unpivot_cells(ref(mart), key, member) }} as mart_cells
    {{ "union all" if not loop.last }}
    {% endfor %}

),

fed as (

    select distinct
        mart,
        mart_column
    from {{ ref('cell_destinations') }}
    where comparison in ('copy', 'row_copy', 'text', 'number', 'statistic', 'citation', 'continent')

)

select
    records.table_name,
    records.record_key,
    cells.mart,
    cells.column_name as mart_column,
    cells.member,
    -- Several rows of a mart say the same of a cell, or show that they do not.
    {{ join_sorted('cells.cell_text', ' | ') }} as mart_value
from cells
inner join fed on cells.mart = fed.mart and cells.column_name = fed.mart_column
inner join {{ ref('int_account_records') }} as records on cells.record_key = records.mart_key
group by records.table_name, records.record_key, cells.mart, cells.column_name, cells.member
