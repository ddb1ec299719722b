-- A weight or quantity of 0 beside a value is not known.
select
    retrieval,
    reporter_code,
    partner_code,
    flow_code,
    case flow_code when 'M' then 'import' when 'X' then 'export' end as trade_flow,
    hs_code,
    {{ parse_integer('year') }} as year,
    hs_edition,
    {{ parse_decimal('trade_value_usd') }} as trade_value_usd,
    nullif({{ parse_decimal('net_weight_kg') }}, 0) as net_weight_kg,
    is_net_weight_estimated = 'true' as is_net_weight_estimated,
    nullif({{ parse_decimal('quantity_kg') }}, 0) as quantity_kg,
    is_quantity_estimated = 'true' as is_quantity_estimated,
    is_aggregate = 'true' as is_aggregate
from {{ source('raw', 'comtrade__flows') }}
