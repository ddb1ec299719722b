with

spellings as (

    select
        mineral,
        string_agg(spelling, '; ' order by spelling) as spellings
    from {{ ref('mineral_spellings') }}
    group by mineral

)

select
    minerals.mineral,
    minerals.ima_name,
    spellings.spellings,
    minerals.formula,
    minerals.mineral_class,
    minerals.mineral_group,
    minerals.group_source,
    minerals.note
from {{ ref('stg_mineralogy__minerals') }} as minerals
left join spellings on minerals.mineral = spellings.mineral
