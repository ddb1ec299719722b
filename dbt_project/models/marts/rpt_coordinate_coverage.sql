with

records as (

    select
        'project' as record_kind,
        coordinate_precision
    from {{ ref('dim_projects') }}
    union all
    select
        'plant' as record_kind,
        coordinate_precision
    from {{ ref('dim_plants') }}

)

select
    record_kind,
    coordinate_precision,
    count(*) as records_of_kind,
    round(100.0 * count(*) / sum(count(*)) over (partition by record_kind), 1) as records_share_pct
from records
group by record_kind, coordinate_precision
