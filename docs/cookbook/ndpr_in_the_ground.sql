-- Question: how much neodymium and praseodymium oxide lies in the ground, by country, and how much of it
--   rests on published shares and how much on predicted ones?
-- Grain: one row per country; countries where no project states a resource come last, with nulls.
-- What is added up: resource_treo_t x (Nd2O3 + Pr6O11 share) / 100, over projects that state a resource.
--   Predicted means predicted and completed shares together; extrapolated is the part of it in projects
--   outside what the ensemble was trained on, whose intervals are not reliable.
-- Caveat: resources are as published, of all categories and dates, before losses; they are not reserves.
--   Nested figures are added as printed. A share printed as zero counts with its
--   estimate, as predicted; closed_pct is the share to add up. A project without a
--   resource adds nothing: projects_without_resource counts them. Nor does one whose printed shares are not
--   of TREO (share_basis other): projects_on_another_basis counts them. Errors of projects go together, so
--   their intervals must not be added up; the sum has no interval here.
with extrapolated as (
    select predictions.project_id
    from marts.fct_group_predictions as predictions
    inner join marts.dim_model_runs as runs on predictions.model_run_id = runs.model_run_id
    where
        runs.is_current
        and predictions.target = 'ndpr'
        and predictions.is_extrapolated
),

shares as (
    select
        best.project_id,
        coalesce(sum(best.closed_pct) filter (where best.value_origin = 'reported'), 0) as reported_pct,
        coalesce(sum(best.closed_pct) filter (where best.value_origin <> 'reported'), 0) as predicted_pct
    from marts.composition_best as best
    inner join marts.dim_oxides as oxides on best.oxide = oxides.oxide
    where
        oxides.is_ndpr
        and best.share_basis <> 'other'
    group by best.project_id
),

amounts as (
    select
        projects.project_id,
        projects.resource_treo_t,
        coalesce(locations.country_name, 'unknown') as country_name,
        projects.resource_treo_t * shares.reported_pct / 100 as reported_t,
        projects.resource_treo_t * shares.predicted_pct / 100 as predicted_t,
        shares.project_id is null as is_on_another_basis,
        extrapolated.project_id is not null as is_extrapolated
    from marts.dim_projects as projects
    left join shares on projects.project_id = shares.project_id
    left join extrapolated on projects.project_id = extrapolated.project_id
    left join marts.dim_locations as locations on projects.location_id = locations.location_id
)

select
    country_name,
    count(*) as projects,
    count(*) - count(resource_treo_t) as projects_without_resource,
    count(case when is_on_another_basis then 1 end) as projects_on_another_basis,
    sum(resource_treo_t) as resource_treo_t,
    sum(reported_t) as ndpr_reported_t,
    sum(predicted_t) as ndpr_predicted_t,
    sum(case when is_extrapolated then predicted_t else 0 * predicted_t end) as of_which_extrapolated_t,
    sum(reported_t + predicted_t) as ndpr_total_t,
    100 * sum(predicted_t) / nullif(sum(reported_t + predicted_t), 0) as predicted_share_of_total_pct
from amounts
group by country_name
order by ndpr_total_t desc nulls last, country_name asc
