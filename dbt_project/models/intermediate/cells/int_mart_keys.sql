-- Cells that become keys: the holders, the place and the deposit types of a record, as the marts name them.
with

holders as (

    select
        'bridge_project_companies' as mart,
        project_id as mart_key,
        company_id,
        holder_position
    from {{ ref('bridge_project_companies') }}
    union all
    select
        'bridge_plant_companies' as mart,
        plant_id as mart_key,
        company_id,
        holder_position
    from {{ ref('bridge_plant_companies') }}

),

keys as (

    select
        holders.mart,
        holders.mart_key,
        'company_id' as mart_column,
        string_agg(companies.company_name, '; ' order by holders.holder_position) as mart_value
    from holders
    inner join {{ ref('dim_companies') }} as companies on holders.company_id = companies.company_id
    group by holders.mart, holders.mart_key
    union all
    select
        'bridge_project_deposit_types' as mart,
        project_id as mart_key,
        'deposit_type_id' as mart_column,
        string_agg(deposit_type_id, '; ' order by type_position) as mart_value
    from {{ ref('bridge_project_deposit_types') }}
    group by project_id
    union all
    select
        'dim_locations' as mart,
        location_id as mart_key,
        'country_iso3' as mart_column,
        {{ place_name('coalesce(country_iso3, continent)', 'admin1_name', 'locality') }} as mart_value
    from {{ ref('dim_locations') }}

)

select
    records.table_name,
    records.record_key,
    keys.mart,
    keys.mart_column,
    keys.mart_value
from keys
inner join {{ ref('int_account_records') }} as records on keys.mart_key = records.mart_key
