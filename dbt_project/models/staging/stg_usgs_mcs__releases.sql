select
    release,
    {{ parse_integer('edition_year') }} as edition_year,
    release_title,
    release_form,
    unit_as_published,
    {{ parse_integer('production_estimated_from') }} as production_estimated_from,
    {{ parse_integer('prices_estimated_from') }} as prices_estimated_from,
    citation
from {{ source('raw', 'usgs_mcs__releases') }}
