select
    reference_key,
    kind,
    author_or_publisher,
    reference_year,
    doi,
    url,
    coalesce(author_or_publisher, 'unknown author')
    || coalesce(' (' || cast(reference_year as string) || ')', '')
    || ', '
    || kind
    || coalesce(', https://doi.org/' || doi, ', ' || url, '') as citation
from {{ ref('stg_liu_2023__references') }}
