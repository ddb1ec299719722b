-- Question: which plants does a company run, alone or with others?
-- Grain: one row per plant.
-- Parameter: company_id, any of marts.dim_companies.
-- Caveat: dim_plants.company_id is the first-named holder alone. The bridge has all. Plants of other
--   companies of the group are not listed: ask by group_company_id for those.
with parameters as (
    select 'lynas_rare_earths' as company_id
)

select
    plants.plant_name,
    locations.country_name,
    plants.stage,
    plants.capacity_as_published,
    (
        select string_agg(partners.company_name, ', ' order by partners.company_name)
        from marts.bridge_plant_companies as joint
        inner join marts.dim_companies as partners on joint.company_id = partners.company_id
        where joint.plant_id = plants.plant_id and joint.company_id <> held.company_id
    ) as joint_with
from marts.bridge_plant_companies as held
inner join parameters on held.company_id = parameters.company_id
inner join marts.dim_plants as plants on held.plant_id = plants.plant_id
left join marts.dim_locations as locations on plants.location_id = locations.location_id
order by plants.plant_id asc
