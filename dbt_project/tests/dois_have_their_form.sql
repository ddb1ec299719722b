select
    reference_key,
    doi
from {{ ref('dim_references') }}
where doi is not null and regexp_extract(doi, '^10[.][0-9]{4,9}/[^ ]+$', 0) <> doi
