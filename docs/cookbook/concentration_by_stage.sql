-- Question: who mines, who refines, and how concentrated is each stage of the chain?
-- Grain: one row per stage and country.
-- What a share counts: sites at work in the table year (2022). A mine counts once per site_id, as
--   projects of one deposit are one mine. A plant counts at its current stage. Planned, trial and
--   terminated plants and plants without a stage do not count. A stage dated 2022 itself counts where another
--   source says that it was reached. HHI is the sum of the squared country shares of a stage in per cent:
--   10000 is one country alone, 10000/n is n equal countries. hhi_of_sites_upper gives the sites without a
--   country to the largest.
-- By weight, beside it: oxide in t per year, of each plant its capacity, or where it states none its latest
--   yield, parts and totals counted once (rpt_plant_oxides): the oxides it makes, of a plant that makes none
--   the oxide in its concentrate. Null where no plant of the row states one. plants_stating counts those that
--   do. The table gives no yearly tonnage for mines.
-- Caveat: by count every site weighs the same: it says who is present, not who makes how much. By weight
--   it says only how the stated part is spread, and a stage of one stating plant has an index of 10000
--   by arithmetic. An area that the study lists as one project (South China) counts as one mine. A country
--   whose plants the table leaves out is missing in every stage after mining, even if it leads there.
with stages as (
    select
        stage,
        min(stage_order) as stage_order
    from marts.fct_plant_statuses
    where is_current
    group by stage
),

at_work as (
    select distinct stage
    from marts.dim_plants
    where is_at_work
)

select
    coalesce(sites.plant_stage, 'mining') as stage,
    sites.holder as country_name,
    sites.amount as sites,
    sites.market_share_pct as share_of_sites_pct,
    counted.hhi_lower as hhi_of_sites,
    counted.hhi_upper as hhi_of_sites_upper,
    oxides.records - oxides.records_without_amount as plants_stating,
    oxides.amount as oxide_t_per_year,
    oxides.market_share_pct as share_of_oxide_pct,
    weighed.hhi_lower as hhi_of_oxide
from marts.rpt_concentration_shares as sites
inner join marts.rpt_concentration as counted on sites.market_id = counted.market_id
left join stages on sites.plant_stage = stages.stage
left join marts.rpt_concentration_shares as oxides
    on
        oxides.market = 'plant_oxides'
        and sites.plant_stage = oxides.plant_stage
        and sites.holder_kind = oxides.holder_kind
        and sites.holder = oxides.holder
left join marts.rpt_concentration as weighed on oxides.market_id = weighed.market_id
where
    sites.holder_kind = 'country'
    and (
        sites.market = 'mines_at_work'
        or (sites.market = 'plants' and sites.plant_stage in (select at_work.stage from at_work))
    )
order by coalesce(stages.stage_order, 0) asc, sites.amount desc, sites.holder asc
