-- The two tables of an edition that print the production of the United States print the same.
select
    world.release,
    world.year,
    world.printed_number as number_of_world_table,
    us.printed_number as number_of_us_table
from {{ ref('stg_usgs_mcs__world_production') }} as world
inner join {{ ref('stg_usgs_mcs__us_production') }} as us
    on world.release = us.release and world.year = us.year
where
    world.area_as_published = 'United States'
    and coalesce(world.printed_number, -1) <> coalesce(us.printed_number, -1)
