select
    product,
    product_order,
    product_group,
    basis,
    is_treo_basis,
    description
from {{ ref('products') }}
