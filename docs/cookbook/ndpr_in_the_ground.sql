-- Question: how much neodymium and praseodymium oxide lies in the ground, by country, and how much of it
--   rests on published shares and how much on predicted ones?
-- Grain: one row per country, countries where no project states a resource come last, with nulls.
-- What is added up: resource_treo_t x share of NdPr / 100, over projects that state a resource. Predicted
--   means predicted and completed shares together, estimates of printed zeros too. extrapolated is the part
--   of it in projects outside what the ensemble was trained on, whose intervals are not reliable.
-- Caveat: resources are as published but for reviewed corrections (quality.cell_changes), of all categories
--   and dates, before losses: they are not reserves. Nested figures are added as printed. A project without
--   a resource adds nothing: projects_without_resource counts them. Nor does one whose printed shares are
--   not of TREO (share_basis other): projects_on_another_basis counts them. Errors of projects go together,
--   so their intervals must not be added up. The sum has no interval here.
with amounts as (
    select
        projects.resource_treo_t,
        best.share_basis,
        coalesce(locations.country_name, 'unknown') as country_name,
        projects.resource_treo_t * best.ndpr_from_reported_pct / 100 as reported_t,
        projects.resource_treo_t * (best.ndpr_pct - best.ndpr_from_reported_pct) / 100 as predicted_t,
        coalesce(best.is_extrapolated, false) as is_extrapolated
    from marts.dim_projects as projects
    inner join marts.composition_best_wide as best on projects.project_id = best.project_id
    left join marts.dim_locations as locations on projects.location_id = locations.location_id
)

select
    country_name,
    count(*) as projects,
    count(*) - count(resource_treo_t) as projects_without_resource,
    count(case when share_basis = 'other' then 1 end) as projects_on_another_basis,
    sum(resource_treo_t) as resource_treo_t,
    sum(reported_t) filter (where share_basis <> 'other') as ndpr_reported_t,
    sum(predicted_t) filter (where share_basis <> 'other') as ndpr_predicted_t,
    sum(case when is_extrapolated then predicted_t else 0 * predicted_t end) filter (
        where share_basis <> 'other'
    ) as of_which_extrapolated_t,
    sum(reported_t + predicted_t) filter (where share_basis <> 'other') as ndpr_total_t
from amounts
group by country_name
order by ndpr_total_t desc nulls last, country_name asc
