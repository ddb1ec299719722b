-- A weight is there where its status says so, is never 0, and is estimated where the flag says so.
select
    reporter_code,
    partner_code,
    trade_flow,
    hs_code,
    year,
    net_weight_kg,
    net_weight_status
from {{ ref('fct_trade') }}
where
    (net_weight_kg is null) <> (net_weight_status = 'not_available')
    or coalesce(net_weight_kg, 1) <= 0
    or coalesce(quantity_kg, 1) <= 0
    or (net_weight_status = 'estimated' and not is_net_weight_estimated)
    or (net_weight_status = 'reported' and is_net_weight_estimated)
