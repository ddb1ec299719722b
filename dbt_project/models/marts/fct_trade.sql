select
    flows.retrieval,
    flows.reporter_code,
    reporters.country_iso3 as reporter_iso3,
    reporting_countries.country_name as reporter_name,
    flows.partner_code,
    partners.area_kind as partner_kind,
    partners.country_iso3 as partner_iso3,
    case partners.area_kind when 'world' then 'World' else partner_countries.country_name end as partner_name,
    flows.flow_code,
    flows.trade_flow,
    flows.hs_code,
    codes.hs_name,
    flows.hs_edition,
    flows.year,
    flows.trade_value_usd,
    case flows.trade_flow when 'import' then 'cif' when 'export' then 'fob' end as value_basis,
    flows.net_weight_kg,
    case
        when flows.net_weight_kg is null then 'not_available'
        when flows.is_net_weight_estimated then 'estimated'
        else 'reported'
    end as net_weight_status,
    flows.is_net_weight_estimated,
    flows.quantity_kg,
    flows.is_quantity_estimated,
    flows.trade_value_usd / coalesce(flows.net_weight_kg, flows.quantity_kg) as value_usd_per_kg,
    flows.is_aggregate
from {{ ref('stg_comtrade__flows') }} as flows
left join {{ ref('hs_codes') }} as codes on flows.hs_code = codes.hs_code
left join {{ ref('trade_areas') }} as reporters on flows.reporter_code = reporters.area_code
left join {{ ref('trade_areas') }} as partners on flows.partner_code = partners.area_code
left join {{ ref('dim_countries') }} as reporting_countries
    on reporters.country_iso3 = reporting_countries.country_iso3
left join {{ ref('dim_countries') }} as partner_countries
    on partners.country_iso3 = partner_countries.country_iso3
