with

shares as (

    select
        *,
        count(share_of_treo_pct) over (partition by composition_id) as reported_oxides,
        sum(share_of_treo_pct) over (partition by composition_id) as reported_sum_pct,
        sum(element_share_pct) over (partition by composition_id) as element_sum_pct
    from {{ ref('int_oxide_shares') }}

),

judged as (

    select
        shares.*,
        shares.reported_oxides = 15
        and abs(shares.reported_sum_pct - 100) <= {{ var('closure_tolerance_pct') }} as has_full_composition,
        coalesce(zeros.is_suspect, false) as is_suspect_zero,
        bases.share_basis
    from shares
    left join {{ ref('int_suspect_zeros') }} as zeros
        on shares.composition_id = zeros.composition_id and shares.oxide = zeros.oxide
    inner join {{ ref('int_share_bases') }} as bases on shares.composition_id = bases.composition_id

)

select
    composition_id,
    source,
    project_id,
    oxide,
    oxide_order,
    is_hree,
    share_as_published,
    content_ppm,
    share_of_treo_pct,
    -- Per cent of all rare-earth elements is only known where all of them are.
    case when has_full_composition then round(100 * element_share_pct / element_sum_pct, 9) end
        as share_of_tree_pct,
    reported_oxides,
    round(reported_sum_pct, 9) as reported_sum_pct,
    case
        when share_of_treo_pct is null then 'not_reported'
        when is_suspect_zero then 'zero_suspect'
        else 'reported'
    end as value_status,
    has_full_composition,
    share_basis
from judged
