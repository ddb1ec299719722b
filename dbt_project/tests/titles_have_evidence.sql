select
    reference_key,
    title,
    title_evidence,
    title_evidence_url
from {{ ref('dim_references') }}
where
    (title is null) <> (title_evidence is null)
    or coalesce(title_evidence = 'page', false) <> (title_evidence_url is not null)
    or (title_evidence = 'url' and url is null)
