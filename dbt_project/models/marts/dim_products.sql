select
    product,
    product_order,
    product_group,
    basis,
    is_treo_basis,
    is_all_rare_earths,
    description
from {{ ref('products') }}
