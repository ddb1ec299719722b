-- The shares of a market sum to 100 where a record of it states an amount; its index is that of its shares.
with

sums as (

    select
        market_id,
        sum(amount) as amount,
        sum(market_share_pct) as total_pct,
        sum(market_share_pct * market_share_pct) as squares
    from {{ ref('rpt_concentration_shares') }}
    group by market_id

)

select
    sums.market_id,
    sums.total_pct,
    markets.hhi_lower
from sums
left join {{ ref('rpt_concentration') }} as markets on sums.market_id = markets.market_id
where
    abs(sums.total_pct - 100) > 0.000001
    or (sums.amount > 0) <> (markets.market_id is not null)
    or sums.squares < markets.hhi_lower - 0.000001
    or sums.squares > markets.hhi_upper + 0.000001
    or (markets.unnamed_share_pct + markets.unknown_share_pct = 0 and markets.hhi_upper > markets.hhi_lower)
