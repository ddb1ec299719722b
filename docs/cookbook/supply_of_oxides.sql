-- Question: how much of each oxide lies in the resources of the projects, and how sure is it?
-- Grain: one row per oxide, the largest amount first.
-- What is added up: resource_treo_t x share / 100 (rpt_supply_potential), over projects that state a
--   resource. The interval adds up the draws of all projects, draw by draw, and takes quantiles: errors of
--   different deposits partly cancel, so it is narrower than the ends of the countries added up.
-- Caveat: resources are as published, of all categories and dates, before losses. Resources, published shares
--   and estimates of printed zeros count as exact. possible_double_pct may be part of a larger resource.
with sums as (
    select
        oxide,
        sum(contained_t) as contained_t,
        100 * sum(contained_reported_t) / sum(contained_t) as reported_pct,
        100 * sum(contained_possible_double_t) / sum(contained_t) as possible_double_pct
    from marts.rpt_supply_potential
    where subject_kind = 'project'
    group by oxide
),

drawn as (
    select
        draws.oxide,
        draws.draw,
        sum(subjects.resource_treo_t * (draws.share_pct - best.closed_pct) / 100) as off_t
    from marts.fct_composition_draws as draws
    inner join marts.fct_site_values as subjects on draws.subject_id = subjects.project_id
    inner join marts.composition_best as best
        on subjects.project_id = best.project_id and draws.oxide = best.oxide
    where
        subjects.resource_treo_t is not null
        and subjects.unvalued_reason is null
        and best.value_origin <> 'reported'
    group by draws.oxide, draws.draw
),

intervals as (
    select
        oxide,
        quantile_cont(off_t, 0.05) as lower_90,
        quantile_cont(off_t, 0.95) as upper_90
    from drawn
    group by oxide
)

select
    sums.oxide,
    sums.contained_t,
    sums.contained_t + intervals.lower_90 as contained_lower_90_t,
    sums.contained_t + intervals.upper_90 as contained_upper_90_t,
    sums.reported_pct,
    sums.possible_double_pct
from sums
inner join intervals on sums.oxide = intervals.oxide
order by sums.contained_t desc
