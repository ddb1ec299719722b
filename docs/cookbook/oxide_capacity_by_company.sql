-- Question: how much rare-earth oxide can each company make in a year?
-- Grain: one row per company that holds a plant stating a capacity of oxides.
-- What is added up: parts and totals of a cell count once (rpt_plant_oxides). made is oxides made as such,
--   contained is oxide within a concentrate or compound, which a later plant may separate: do not add the
--   two. A range counts with its upper end.
--   some_oxides counts plants whose figure is of single oxides such as NdPr: the others are missing in it.
-- Caveat: as stated, of plants planned, at work and closed alike: at_work_made_t_per_year is the part at
--   work. A plant of joint holders counts for each of them, so companies must not be added up where
--   joint_plants is above 0.
with holders as (
    select
        *,
        count(*) over (partition by plant_id) as holders
    from marts.bridge_plant_companies
)

select
    companies.company_name,
    count(*) as plants,
    count(case when holders.holders > 1 then 1 end) as joint_plants,
    count(case when oxides.is_of_some_oxides then 1 end) as some_oxides,
    sum(oxides.made_high_t_per_year) as made_t_per_year,
    sum(case when plants.is_at_work then oxides.made_high_t_per_year end) as at_work_made_t_per_year,
    sum(oxides.contained_high_t_per_year) as contained_t_per_year
from marts.rpt_plant_oxides as oxides
inner join marts.dim_plants as plants on oxides.plant_id = plants.plant_id
inner join holders on oxides.plant_id = holders.plant_id
inner join marts.dim_companies as companies on holders.company_id = companies.company_id
where oxides.measure = 'capacity'
group by companies.company_name
order by made_t_per_year desc nulls last, companies.company_name asc
