with

announced as (

    select project_id, min(effective_year) as announced_year
    from marts.fct_project_statuses
    where stage = 'production' and is_expected and end_year is null
    group by project_id

),

-- A capacity in oxide of a plant at the site of one project alone.
capacities as (

    select sites.site_id, max(figures.amount_high_t_per_year) as capacity_treo_t_per_year
    from marts.fct_plant_capacities as figures
    inner join staging.plant_sites as sites on figures.plant_id = sites.plant_id
    where figures.measure = 'capacity' and figures.product = 'treo' and figures.flow = 'product'
    group by sites.site_id

)

select
    projects.project_id,
    projects.project_name,
    projects.stage,
    projects.is_at_work,
    announced.announced_year,
    locations.country_iso3,
    locations.country_name,
    types.deposit_family,
    projects.resource_treo_t,
    projects.ore_t,
    case
        when count(*) over (partition by projects.site_id) = 1 then capacities.capacity_treo_t_per_year
    end as capacity_treo_t_per_year,
    basket.basket_price_usd_per_kg,
    basket.ore_value_usd_per_t
from marts.dim_projects as projects
left join marts.dim_locations as locations on projects.location_id = locations.location_id
left join marts.dim_deposit_types as types on projects.deposit_type_id = types.deposit_type_id
left join announced on projects.project_id = announced.project_id
left join capacities on projects.site_id = capacities.site_id
left join marts.fct_site_values as basket on projects.project_id = basket.project_id
order by projects.project_number
