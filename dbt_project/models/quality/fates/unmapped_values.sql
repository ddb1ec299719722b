with

unmapped as (

    select * from {{ ref('int_unmapped_record_texts') }}
    union all
    select * from {{ ref('int_unmapped_pieces') }}
    union all
    select * from {{ ref('int_unmapped_deposit_texts') }}

)

select
    value_kind,
    value_as_published,
    count(*) as occurrences,
    string_agg(distinct record_id, ';' order by record_id) as record_ids,
    seed,
    concat(
        'The ', value_kind, ' ''', value_as_published, ''' is not mapped; add it with a reason to ',
        'dbt_project/seeds/', seed, '.csv, or correct the cell in corrections.csv.'
    ) as remedy
from unmapped
group by value_kind, value_as_published, seed
