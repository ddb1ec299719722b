-- A partner trades no more than all partners together, in value and, where both are known, in weight.
select
    parts.reporter_code,
    parts.partner_code,
    parts.trade_flow,
    parts.hs_code,
    parts.year,
    parts.trade_value_usd,
    totals.trade_value_usd as total_value_usd
from {{ ref('fct_trade') }} as parts
inner join {{ ref('fct_trade') }} as totals
    on
        parts.retrieval = totals.retrieval
        and parts.reporter_code = totals.reporter_code
        and parts.trade_flow = totals.trade_flow
        and parts.hs_code = totals.hs_code
        and parts.year = totals.year
where
    parts.partner_kind = 'country'
    and totals.partner_kind = 'world'
    and (parts.trade_value_usd > totals.trade_value_usd or parts.net_weight_kg > totals.net_weight_kg)
