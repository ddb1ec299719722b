-- Question: which projects lie within so many kilometres of a point?
-- Grain: one row per project with a point of its own or of its district or locality, the nearest first.
-- Parameters: the point in degrees (the port of Fremantle here), and the distance in kilometres.
-- Caveat: a great-circle distance on a sphere, not a road. coordinate_precision says what the point is a
--   point of, projects that are known by country, division or area alone are left out.
with parameters as (
    select
        -32.05 as latitude_deg,
        115.74 as longitude_deg,
        300.0 as within_km
),

distances as (
    select
        projects.*,
        parameters.within_km,
        -- Haversine formula. 6371.0088 km is the mean radius of the Earth (IUGG).
        2 * 6371.0088 * asin(sqrt(
            power(sin(radians(projects.latitude_deg - parameters.latitude_deg) / 2), 2)
            + cos(radians(parameters.latitude_deg)) * cos(radians(projects.latitude_deg))
            * power(sin(radians(projects.longitude_deg - parameters.longitude_deg) / 2), 2)
        )) as distance_km
    from marts.dim_projects as projects
    cross join parameters
    where projects.coordinate_precision in ('deposit', 'district', 'locality')
)

select
    project_name,
    stage,
    distance_km,
    coordinate_precision,
    latitude_deg,
    longitude_deg
from distances
where distance_km <= within_km
-- Deposits of one district may share its point.
order by round(distance_km, 6) asc, project_name asc
