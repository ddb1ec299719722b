{{ status_stages(ref('stg_liu_2023__projects'), 'project_id', ref('project_stages')) }}
