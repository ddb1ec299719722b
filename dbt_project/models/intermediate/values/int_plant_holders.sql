with

figures as (

    -- The capacity goes before the yield; oxide within a concentrate counts where a plant makes none as such.
    select
        plant_id,
        coalesce(made_high_t_per_year, contained_high_t_per_year) as oxide_t_per_year
    from {{ ref('rpt_plant_oxides') }}
    qualify row_number() over (partition by plant_id order by measure asc) = 1

),

holders as (

    select
        holders.plant_id,
        count(distinct companies.group_company_id) as holder_groups,
        max(companies.group_company_name) as group_company_name
    from {{ ref('bridge_plant_companies') }} as holders
    inner join {{ ref('dim_companies') }} as companies on holders.company_id = companies.company_id
    group by holders.plant_id

)

select
    plants.plant_id,
    plants.stage,
    locations.country_name,
    -- The parts of joint holders are not stated, so no group has the plant.
    case when holders.holder_groups = 1 then holders.group_company_name end as group_company_name,
    figures.oxide_t_per_year
from {{ ref('dim_plants') }} as plants
left join {{ ref('dim_locations') }} as locations on plants.location_id = locations.location_id
left join holders on plants.plant_id = holders.plant_id
left join figures on plants.plant_id = figures.plant_id
