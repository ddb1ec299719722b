select
    labels.project_id,
    labels.mineral,
    labels.mineral_rank as rank,
    minerals.mineral_group,
    labels.host_kind,
    labels.evidence,
    labels.confidence,
    labels.reference,
    labels.reference_url,
    labels.evidence_independence,
    labels.note,
    {{ names_fraction('labels.note') }} as note_names_fraction,
    labels.adjudication
from {{ ref('stg_mineralogy__labels') }} as labels
inner join {{ ref('stg_mineralogy__minerals') }} as minerals on labels.mineral = minerals.mineral
inner join {{ ref('dim_projects') }} as projects on labels.project_id = projects.project_id
where labels.label_round = 'final'
