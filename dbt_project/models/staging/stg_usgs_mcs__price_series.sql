select
    release,
    product_as_published,
    price_basis,
    quoted_source,
    price_basis_evidence
from {{ source('raw', 'usgs_mcs__price_series') }}
