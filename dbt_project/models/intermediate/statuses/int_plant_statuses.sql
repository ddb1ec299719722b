{{ status_stages(ref('stg_liu_2023__plants'), 'plant_id', ref('plant_stages')) }}
