-- A printed zero is suspect when the smooth pattern through its nearest non-zero neighbours puts it clearly
-- above the smallest share the same row prints: such a value would have been seen. At an end of the pattern
-- the one neighbour is used for both. Europium may lie far below its neighbours in nature, so less is asked.
{%- set clearly_above = 1.5 %}
{%- set least_europium_anomaly = 0.3 %}

with

placed as (

    select
        *,
        min(case when share_of_treo_pct > 0 then share_of_treo_pct end)
            over (partition by composition_id) as smallest_share_pct,
        max(case when share_of_treo_pct > 0 then pattern_order end)
            over (partition by composition_id order by pattern_order) as order_before,
        min(case when share_of_treo_pct > 0 then pattern_order end)
            over (partition by composition_id order by pattern_order desc) as order_after
    from {{ ref('int_oxide_shares') }}

),

neighboured as (

    select
        zeros.composition_id,
        zeros.oxide,
        zeros.smallest_share_pct,
        zeros.chondrite_oxide,
        zeros.pattern_order,
        coalesce(zeros.order_before, zeros.order_after) as order_before,
        coalesce(zeros.order_after, zeros.order_before) as order_after,
        coalesce(before_it.normalised_share, after_it.normalised_share) as normalised_before,
        coalesce(after_it.normalised_share, before_it.normalised_share) as normalised_after
    from placed as zeros
    left join {{ ref('int_oxide_shares') }} as before_it
        on zeros.composition_id = before_it.composition_id and zeros.order_before = before_it.pattern_order
    left join {{ ref('int_oxide_shares') }} as after_it
        on zeros.composition_id = after_it.composition_id and zeros.order_after = after_it.pattern_order
    where zeros.share_of_treo_pct = 0

),

spaced as (

    select
        *,
        case
            when order_after = order_before then 0
            else cast(pattern_order - order_before as double) / (order_after - order_before)
        end as way_between
    from neighboured

),

expected as (

    select
        *,
        chondrite_oxide
        * exp(ln(normalised_before) + (ln(normalised_after) - ln(normalised_before)) * way_between)
        * case when oxide = 'Eu2O3' then {{ least_europium_anomaly }} else 1 end
            as expected_share_pct
    from spaced

)

select
    composition_id,
    oxide,
    expected_share_pct,
    smallest_share_pct,
    expected_share_pct > {{ clearly_above }} * smallest_share_pct as is_suspect
from expected
