-- Every column there is: a file may have coordinates or none.
select * from marts.dim_locations -- noqa: AM04
order by location_id
