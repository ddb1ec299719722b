select
    record_id as project_id,
    company_id,
    holder_position,
    company_source
from {{ ref('int_company_holders') }}
where company_id is not null and record_kind = 'project'
