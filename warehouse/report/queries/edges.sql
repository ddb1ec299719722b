select * from marts.bridge_supply_edges order by edge_id
