select
    oxide,
    oxide_order,
    element,
    element_name,
    atomic_number,
    oxide_to_element_factor,
    pattern_order,
    chondrite_ppm,
    chondrite_reference,
    is_lree,
    is_hree,
    is_ndpr,
    is_magnet,
    is_critical
from {{ ref('oxides') }}
