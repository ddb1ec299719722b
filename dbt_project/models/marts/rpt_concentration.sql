-- The index lies between what it is if very many holders share the rest and if one holder has all of it.
with

markets as (

    select
        market_id,
        market,
        plant_stage,
        release,
        year,
        holder_kind,
        amount_unit,
        sum(amount) as total_amount,
        count(case when holder_status = 'named' and amount > 0 then 1 end) as holders,
        cast(sum(records) as bigint) as records,
        cast(sum(records_without_amount) as bigint) as records_without_amount,
        sum(case when holder_status = 'named' then market_share_pct * market_share_pct end) as squares,
        coalesce(max(case when holder_status = 'named' then market_share_pct end), 0) as largest_share_pct,
        coalesce(sum(case when holder_status = 'unnamed' then market_share_pct end), 0) as unnamed_share_pct,
        coalesce(sum(case when holder_status = 'unknown' then market_share_pct end), 0) as unknown_share_pct
    from {{ ref('rpt_concentration_shares') }}
    group by market_id, market, plant_stage, release, year, holder_kind, amount_unit

),

ranked as (

    select
        market_id,
        holder,
        market_share_pct,
        row_number() over (partition by market_id order by market_share_pct desc, holder asc) as share_rank
    from {{ ref('rpt_concentration_shares') }}
    where holder_status = 'named' and amount > 0

),

largest as (

    select
        market_id,
        max(case when share_rank = 1 then holder end) as largest_holder,
        sum(case when share_rank <= 3 then market_share_pct end) as largest_three_share_pct
    from ranked
    group by market_id

)

select
    markets.market_id,
    markets.market,
    markets.plant_stage,
    markets.release,
    markets.year,
    markets.holder_kind,
    markets.amount_unit,
    markets.total_amount,
    markets.holders,
    largest.largest_holder,
    markets.largest_share_pct,
    largest.largest_three_share_pct,
    markets.unnamed_share_pct,
    markets.unknown_share_pct,
    markets.squares as hhi_lower,
    -- The unnamed are none of the named, so at most one more holder; the unknown part may be anybody's.
    markets.squares
    + markets.unnamed_share_pct * markets.unnamed_share_pct
    + markets.unknown_share_pct * markets.unknown_share_pct
    + 2 * markets.unknown_share_pct * greatest(markets.largest_share_pct, markets.unnamed_share_pct)
        as hhi_upper,
    markets.records,
    markets.records_without_amount
from markets
inner join largest on markets.market_id = largest.market_id
