select
    concat('weng_2015:', site) as source_record_key,
    'weng_2015' as source,
    site as source_site,
    country as source_country,
    deposit_type as source_deposit_type,
    round({{ parse_decimal('ore_mt') }} * 1000000, 4) as source_ore_t,
    {{ parse_decimal('treo_wt_pct') }} as source_grade_treo_wt_pct
from {{ source('raw', 'weng_2015__sites') }}
