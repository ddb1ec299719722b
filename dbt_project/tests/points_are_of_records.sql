with

records as (

    select project_id as record_id from {{ ref('dim_projects') }}
    union all
    select plant_id as record_id from {{ ref('dim_plants') }}

)

select points.record_id
from {{ ref('record_points') }} as points
left join records on points.record_id = records.record_id
where records.record_id is null
