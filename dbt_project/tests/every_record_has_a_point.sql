with

records as (

    select project_id as record_id from {{ ref('dim_projects') }}
    union all
    select plant_id as record_id from {{ ref('dim_plants') }}

)

select coalesce(records.record_id, points.record_id) as record_id
from records
full outer join {{ ref('record_points') }} as points on records.record_id = points.record_id
where records.record_id is null or points.record_id is null
