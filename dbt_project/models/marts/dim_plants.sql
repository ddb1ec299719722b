with

holders as (

    select * from {{ ref('int_company_holders') }}
    where holder_position = 1

),

current_stages as (

    select
        statuses.plant_id,
        statuses.stage,
        stage_codes.is_processing_level
    from {{ ref('int_plant_statuses') }} as statuses
    left join {{ ref('plant_stages') }} as stage_codes on statuses.stage_code = stage_codes.stage_code
    where statuses.is_current

)

select
    plants.plant_id,
    plants.plant_number,
    plants.plant_name,
    holders.company_id,
    holders.company_source,
    plants.company_as_published,
    locations.location_id,
    points.latitude_deg,
    points.longitude_deg,
    coalesce(points.coordinate_precision, 'unknown') as coordinate_precision,
    points.coordinate_source,
    points.coordinate_spread_km,
    points.point_kind,
    points.coordinate_reason,
    current_stages.stage,
    coalesce(current_stages.is_processing_level, false) as is_at_work,
    plants.status_as_published,
    plants.capacity_as_published,
    plants.yield_as_published,
    plants.upstream_as_published,
    plants.downstream_as_published,
    plants.status_references,
    plants.capacity_references,
    plants.yield_references,
    plants.upstream_references,
    plants.downstream_references
from {{ ref('stg_liu_2023__plants') }} as plants
left join holders on plants.plant_id = holders.record_id
left join {{ ref('int_record_locations') }} as locations on plants.plant_id = locations.record_id
left join {{ ref('int_record_points') }} as points on plants.plant_id = points.record_id
left join current_stages on plants.plant_id = current_stages.plant_id
