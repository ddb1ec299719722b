select
    plants.plant_id as id,
    plants.plant_name as name,
    coalesce(companies.company_name, '') as company,
    plants.location_id,
    coalesce(plants.stage, 'not stated') as stage
from marts.dim_plants as plants
left join marts.dim_companies as companies using (company_id)
order by plants.plant_name, plants.plant_id
