-- What the shares of a composition are shares of, by their sum. Fewer than 15 that sum to 100 were closed
-- over themselves. Else the sum is compared with those of the same oxides in all full compositions: one that
-- hardly any of them has is not of shares of TREO but of something else, per cent of mineral say. Sources
-- other than Liu et al. 2023 say what their shares are of.
with

shares as (

    select
        composition_id,
        source,
        oxide,
        share_of_treo_pct,
        count(share_of_treo_pct) over (partition by composition_id) as reported_oxides,
        sum(share_of_treo_pct) over (partition by composition_id) as reported_sum_pct
    from {{ ref('int_oxide_shares') }}

),

judged as (

    select
        *,
        coalesce(abs(reported_sum_pct - 100) <= {{ var('closure_tolerance_pct') }}, false) as closes
    from shares

),

compared as (

    select
        printed.composition_id,
        full_ones.composition_id as full_composition_id,
        sum(printed.share_of_treo_pct) - sum(full_ones.share_of_treo_pct) as difference_pct
    from judged as printed
    inner join judged as full_ones on printed.oxide = full_ones.oxide
    where
        not printed.closes and printed.share_of_treo_pct is not null
        and full_ones.closes and full_ones.reported_oxides = 15
    group by printed.composition_id, full_ones.composition_id

),

placed as (

    select
        composition_id,
        avg(case when difference_pct > 0 then 1.0 else 0.0 end) as share_below,
        avg(case when difference_pct < 0 then 1.0 else 0.0 end) as share_above
    from compared
    group by composition_id
    -- Among fewer no sum is rare.
    having count(*) * {{ var('rare_sum_fraction') }} >= 1

)

select
    judged.composition_id,
    case
        when max(judged.reported_oxides) = 0 then 'none'
        when bool_or(judged.closes) and max(judged.reported_oxides) < 15 then 'printed_oxides'
        when judged.source <> 'liu_2023' then 'treo'
        when max(placed.share_below) > 1 - {{ var('rare_sum_fraction') }} then 'other'
        when max(placed.share_above) > 1 - {{ var('rare_sum_fraction') }} then 'other'
        else 'treo'
    end as share_basis
from judged
left join placed on judged.composition_id = placed.composition_id
group by judged.composition_id, judged.source
