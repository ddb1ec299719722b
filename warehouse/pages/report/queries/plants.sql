select
    plants.plant_id as id,
    plants.plant_name as name, -- noqa: RF04
    plants.location_id,
    plants.latitude_deg,
    plants.longitude_deg,
    plants.coordinate_precision,
    plants.coordinate_source,
    coalesce(companies.company_name, '') as company,
    coalesce(plants.stage, 'not stated') as stage
from marts.dim_plants as plants
left join marts.dim_companies as companies
    on plants.company_id = companies.company_id
order by plants.plant_name, plants.plant_id
