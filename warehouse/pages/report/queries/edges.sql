select
    edge_id,
    reference_part,
    reference_as_published,
    upstream_id,
    upstream_kind,
    upstream_name,
    downstream_id,
    downstream_kind,
    downstream_name,
    is_resolved,
    is_self_reference,
    note
from marts.bridge_supply_edges
order by edge_id
