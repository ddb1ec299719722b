select
    projects.project_id,
    spellings.deposit_type_id,
    spellings.position as type_position,
    projects.deposit_type_as_published,
    projects.deposit_type_text,
    spellings.reason as mapping_reason,
    spellings.evidence as mapping_evidence
from {{ ref('stg_liu_2023__projects') }} as projects
inner join {{ ref('deposit_type_spellings') }} as spellings
    on projects.deposit_type_text = spellings.deposit_type_text
