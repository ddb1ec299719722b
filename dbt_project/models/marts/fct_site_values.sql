{% set ends = ['lower_90', 'lower_80', 'upper_80', 'upper_90'] %}
with

shares as (

    select
        best.*,
        prices.price_year,
        prices.price_release,
        case when prices.oxide_price_usd_per_kg is null then 0 else best.closed_pct end as priced_pct,
        case when best.is_reported then best.closed_pct else 0 end as reported_pct,
        best.closed_pct * prices.oxide_price_usd_per_kg / 100 as oxide_value,
        best.closed_pct * prices.filled_price_usd_per_kg / 100 as filled_value
    from {{ ref('int_subject_shares') }} as best
    inner join {{ ref('int_basket_prices') }} as prices on best.oxide = prices.oxide
    -- Of shares on another basis no price per kg of TREO can be made.
    where best.share_basis <> 'other'

),

baskets as (

    select
        subject_id,
        max(price_year) as price_year,
        max(price_release) as price_release,
        max(case when is_extrapolated then 1 else 0 end) = 1 as is_extrapolated,
        sum(reported_pct) as reported_share_pct,
        count(case when not is_reported then 1 end) as open_oxides,
        sum(priced_pct) as priced_share_pct,
        sum(oxide_value) as basket_price_usd_per_kg,
        coalesce(sum(case when is_reported then oxide_value end), 0) as basket_price_reported_usd_per_kg,
        sum(filled_value) as basket_price_filled_usd_per_kg
    from shares
    group by subject_id

),

drawn as (

    select
        draws.subject_id,
        draws.draw,
        sum(draws.share_pct * prices.oxide_price_usd_per_kg) / 100 as basket_price_usd_per_kg
    from {{ ref('fct_composition_draws') }} as draws
    inner join {{ ref('int_basket_prices') }} as prices on draws.oxide = prices.oxide
    group by draws.subject_id, draws.draw

),

intervals as (

    select
        subject_id,
        count(*) as draws,
        {{ interval_ends('basket_price_usd_per_kg') }}
    from drawn
    group by subject_id

),

bases as (

    select
        subject_id,
        max(share_basis) as share_basis
    from {{ ref('int_subject_shares') }}
    group by subject_id

)

select
    subjects.subject_id,
    subjects.subject_kind,
    subjects.project_id,
    subjects.site_id,
    subjects.subject_name,
    subjects.country_iso3,
    baskets.price_year,
    baskets.price_release,
    case
        when bases.subject_id is null then 'no_composition'
        when bases.share_basis = 'other' then 'shares_on_another_basis'
    end as unvalued_reason,
    baskets.is_extrapolated,
    baskets.reported_share_pct,
    baskets.priced_share_pct,
    baskets.basket_price_usd_per_kg,
    {% for end in ends %}
    intervals.{{ end }} as basket_price_{{ end }}_usd_per_kg,
    {% endfor %}
    baskets.basket_price_reported_usd_per_kg,
    baskets.basket_price_filled_usd_per_kg,
    subjects.grade_treo_wt_pct,
    subjects.resource_treo_t,
    -- One per cent of a tonne is 10 kg.
    10 * subjects.grade_treo_wt_pct * baskets.basket_price_usd_per_kg as ore_value_usd_per_t,
    1000 * subjects.resource_treo_t * baskets.basket_price_usd_per_kg as resource_value_usd,
    {% for end in ends %}
    10 * subjects.grade_treo_wt_pct * intervals.{{ end }} as ore_value_{{ end }}_usd_per_t,
    1000 * subjects.resource_treo_t * intervals.{{ end }} as resource_value_{{ end }}_usd,
    {% endfor %}
    coalesce(intervals.draws, 0) as draws
from {{ ref('int_subjects') }} as subjects
left join bases on subjects.subject_id = bases.subject_id
left join baskets on subjects.subject_id = baskets.subject_id
left join intervals on baskets.subject_id = intervals.subject_id and baskets.open_oxides > 0
