select
    release,
    edition_year,
    release_title,
    release_form,
    unit_as_published,
    production_estimated_from,
    prices_estimated_from,
    citation
from {{ ref('stg_usgs_mcs__releases') }}
