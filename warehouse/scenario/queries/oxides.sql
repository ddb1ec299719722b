from marts.dim_oxides order by oxide_order
