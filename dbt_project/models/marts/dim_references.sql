select
    reference_key,
    kind,
    author_or_publisher,
    reference_year,
    title,
    container,
    title_evidence,
    title_evidence_url,
    doi,
    url,
    coalesce(author_or_publisher, 'unknown author')
    || coalesce(' (' || cast(reference_year as string) || ')', '')
    || coalesce(', ' || title, '')
    || coalesce(', ' || container, '')
    || ', '
    || kind
    || coalesce(', https://doi.org/' || doi, ', ' || url, '') as citation
from {{ ref('stg_liu_2023__references') }}
