select
    exports.hs_code,
    exports.hs_name,
    exports.year,
    exports.retrieval,
    exports.reporter_iso3 as exporter_iso3,
    exports.partner_iso3 as importer_iso3,
    exports.trade_value_usd as export_value_usd,
    imports.trade_value_usd as import_value_usd,
    coalesce(exports.net_weight_kg, exports.quantity_kg) as export_weight_kg,
    coalesce(imports.net_weight_kg, imports.quantity_kg) as import_weight_kg,
    imports.trade_value_usd / exports.trade_value_usd as import_to_export_value,
    coalesce(imports.net_weight_kg, imports.quantity_kg)
    / coalesce(exports.net_weight_kg, exports.quantity_kg) as import_to_export_weight
from {{ ref('fct_trade') }} as exports
inner join {{ ref('fct_trade') }} as imports
    on
        exports.retrieval = imports.retrieval
        and exports.hs_code = imports.hs_code
        and exports.year = imports.year
        and exports.reporter_iso3 = imports.partner_iso3
        and exports.partner_iso3 = imports.reporter_iso3
where exports.trade_flow = 'export' and imports.trade_flow = 'import'
