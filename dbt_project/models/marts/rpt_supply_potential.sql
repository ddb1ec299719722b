with

tonnes as (

    select
        subjects.subject_id,
        subjects.subject_kind,
        best.oxide,
        coalesce(subjects.country_name, 'unknown') as country_name,
        subjects.country_iso3,
        coalesce(subjects.stage, 'unknown') as stage,
        subjects.resource_treo_t,
        subjects.is_possible_double,
        best.is_reported,
        best.is_extrapolated and not best.is_reported as is_far,
        subjects.resource_treo_t * best.closed_pct / 100 as contained_t
    from {{ ref('int_subjects') }} as subjects
    inner join {{ ref('int_subject_shares') }} as best on subjects.subject_id = best.subject_id
    where subjects.resource_treo_t is not null and best.share_basis <> 'other'

),

identified as (

    select
        *,
        concat_ws(':', subject_kind, oxide, country_name, stage) as supply_id
    from tonnes

),

-- Draws of one number go together within a site; sites are independent.
drawn as (

    select
        identified.supply_id,
        draws.draw,
        sum(identified.resource_treo_t * draws.share_pct / 100 - identified.contained_t) as off_t
    from identified
    inner join {{ ref('fct_composition_draws') }} as draws
        on identified.subject_id = draws.subject_id and identified.oxide = draws.oxide
    where not identified.is_reported
    group by identified.supply_id, draws.draw

),

intervals as (

    select
        supply_id,
        {{ interval_ends('off_t') }}
    from drawn
    group by supply_id

),

sums as (

    select
        supply_id,
        subject_kind,
        oxide,
        country_name,
        country_iso3,
        stage,
        count(*) as subjects,
        sum(resource_treo_t) as resource_treo_t,
        sum(contained_t) as contained_t,
        sum(case when is_reported then contained_t else 0 end) as contained_reported_t,
        sum(case when is_reported then 0 else contained_t end) as contained_predicted_t,
        sum(case when is_far then contained_t else 0 end) as contained_extrapolated_t,
        sum(case when is_possible_double then contained_t else 0 end) as contained_possible_double_t
    from identified
    group by supply_id, subject_kind, oxide, country_name, country_iso3, stage

)

select
    sums.*,
    sums.contained_t + intervals.lower_90 as contained_lower_90_t,
    sums.contained_t + intervals.lower_80 as contained_lower_80_t,
    sums.contained_t + intervals.upper_80 as contained_upper_80_t,
    sums.contained_t + intervals.upper_90 as contained_upper_90_t
from sums
left join intervals on sums.supply_id = intervals.supply_id
