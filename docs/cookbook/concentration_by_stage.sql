-- Question: who mines, who refines, and how concentrated is each stage of the chain?
-- Grain: one row per stage and country.
-- What a share counts: sites at work in the table year (2022). A mine counts once per site_id, as
--   projects of one deposit are one mine. A plant counts at its current stage. Planned, trial and
--   terminated plants and plants without a stage do not count. A stage dated 2022 itself counts where another
--   source says that it was reached. HHI is the sum of the squared country shares of a stage: 1 is one
--   country alone, 1/n is n equal countries.
-- By weight, beside it: oxide in t per year, of each plant its capacity, or where it states none its latest
--   yield, parts and totals counted once (rpt_plant_oxides): the oxides it makes, of a plant that makes none
--   the oxide in its concentrate. Null where no plant of the row states one. plants_stating counts those that
--   do. The table gives no yearly tonnage for mines.
-- Caveat: by count every site weighs the same: it says who is present, not who makes how much. By weight
--   it says only how the stated part is spread, and a stage of one stating plant has an index of 1 by
--   arithmetic. An area that the study lists as one project (South China) counts as one mine. A site
--   without a country is in no share: sites_without_country counts them. A country whose plants the table
--   leaves out is missing in every stage after mining, even if it leads the world there.
with oxide_figures as (
    select
        plant_id,
        coalesce(made_high_t_per_year, contained_high_t_per_year) as oxide_t_per_year
    from marts.rpt_plant_oxides
    -- The capacity goes before the yield.
    qualify row_number() over (partition by plant_id order by measure) = 1
),

sites as (
    select
        0 as stage_order,
        'mining' as stage,
        projects.site_id,
        locations.country_name,
        cast(null as double) as oxide_t_per_year
    from marts.dim_projects as projects
    left join marts.dim_locations as locations on projects.location_id = locations.location_id
    where projects.is_at_work
    group by projects.site_id, locations.country_name
    union all
    select
        statuses.stage_order,
        statuses.stage,
        plants.plant_id as site_id,
        locations.country_name,
        oxide_figures.oxide_t_per_year
    from marts.dim_plants as plants
    inner join marts.fct_plant_statuses as statuses on plants.plant_id = statuses.plant_id
    left join marts.dim_locations as locations on plants.location_id = locations.location_id
    left join oxide_figures on plants.plant_id = oxide_figures.plant_id
    where plants.is_at_work and statuses.is_current
),

countries as (
    select
        stage_order,
        stage,
        country_name,
        count(*) as sites,
        count(oxide_t_per_year) as plants_stating,
        sum(oxide_t_per_year) as oxide_t_per_year
    from sites
    where country_name is not null
    group by stage_order, stage, country_name
),

shares as (
    select
        *,
        sites / sum(sites) over (partition by stage) as share_of_sites,
        oxide_t_per_year / sum(oxide_t_per_year) over (partition by stage) as share_of_oxide
    from countries
),

unplaced as (
    select
        stage,
        count(*) filter (where country_name is null) as sites_without_country
    from sites
    group by stage
)

select
    shares.stage,
    shares.country_name,
    shares.sites,
    shares.share_of_sites,
    sum(shares.share_of_sites * shares.share_of_sites) over (partition by shares.stage) as hhi_of_sites,
    shares.plants_stating,
    shares.oxide_t_per_year,
    shares.share_of_oxide,
    sum(shares.share_of_oxide * shares.share_of_oxide) over (partition by shares.stage) as hhi_of_oxide,
    unplaced.sites_without_country
from shares
inner join unplaced on shares.stage = unplaced.stage
order by shares.stage_order asc, shares.sites desc, shares.country_name asc
