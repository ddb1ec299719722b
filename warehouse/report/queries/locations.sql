select * from marts.dim_locations order by location_id
