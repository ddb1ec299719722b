select
    reference_key,
    kind,
    nullif(author_or_publisher, '') as author_or_publisher,
    nullif(title, '') as title,
    nullif(container, '') as container,
    nullif(title_evidence, '') as title_evidence,
    nullif(title_evidence_url, '') as title_evidence_url,
    nullif(doi, '') as doi,
    nullif(url, '') as url,
    {{ parse_integer('year') }} as reference_year
from {{ source('raw', 'liu_2023__references') }}
