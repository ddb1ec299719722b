with

figures as (

    select
        capacities.*,
        products.is_all_rare_earths,
        -- A yield is that of the latest year the cell gives.
        max(coalesce(capacities.year, 0)) over (
            partition by capacities.plant_id, capacities.measure
        ) as latest_year
    from {{ ref('fct_plant_capacities') }} as capacities
    inner join {{ ref('dim_products') }} as products on capacities.product = products.product
    where capacities.oxide_sum is not null

)

select
    plant_id,
    measure,
    nullif(latest_year, 0) as year, -- noqa: RF04
    sum(case when oxide_sum = 'made' then amount_low_t_per_year end) as made_low_t_per_year,
    sum(case when oxide_sum = 'made' then amount_high_t_per_year end) as made_high_t_per_year,
    sum(case when oxide_sum = 'contained' then amount_low_t_per_year end) as contained_low_t_per_year,
    sum(case when oxide_sum = 'contained' then amount_high_t_per_year end) as contained_high_t_per_year,
    count(*) as figures_summed,
    max(case when is_all_rare_earths then 0 else 1 end) = 1 as is_of_some_oxides,
    max(case when period_source = 'assumed' then 1 else 0 end) = 1 as is_period_assumed,
    max(case when basis = 'oxide_presumed' then 1 else 0 end) = 1 as is_basis_presumed
from figures
where coalesce(year, 0) = latest_year
group by plant_id, measure, latest_year
