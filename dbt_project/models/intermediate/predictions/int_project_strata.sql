select
    project_id,
    'all' as stratum_kind,
    'all' as stratum
from {{ ref('dim_projects') }}
union all
select
    projects.project_id,
    'family' as stratum_kind,
    coalesce(deposit_types.deposit_family, 'unknown') as stratum
from {{ ref('dim_projects') }} as projects
left join {{ ref('dim_deposit_types') }} as deposit_types
    on projects.deposit_type_id = deposit_types.deposit_type_id
union all
select
    projects.project_id,
    'host_group' as stratum_kind,
    coalesce(principal.mineral_group, 'unknown') as stratum
from {{ ref('dim_projects') }} as projects
left join {{ ref('fct_project_minerals') }} as principal
    on projects.project_id = principal.project_id and principal.rank = 1
union all
select distinct
    project_id,
    'mineral_basis' as stratum_kind,
    mineral_basis as stratum
from {{ ref('int_model_predictions') }}
where is_current
