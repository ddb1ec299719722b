-- Where two name different types by one name, the one further up here holds.
with

names as (

    select
        deposit_type_name,
        deposit_type_id,
        named_by,
        1 as precedence
    from {{ ref('deposit_type_synonyms') }}

    union all

    select
        deposit_type as deposit_type_name,
        deposit_type_id,
        'deposit_types' as named_by,
        2 as precedence
    from {{ ref('deposit_types') }}

    union all

    select
        deposit_type_id as deposit_type_name,
        deposit_type_id,
        'deposit_types' as named_by,
        3 as precedence
    from {{ ref('deposit_types') }}

    union all

    select
        deposit_type_as_published as deposit_type_name,
        deposit_type_id,
        'liu_2023' as named_by,
        4 as precedence
    from {{ ref('dim_projects') }}

    union all

    select
        record_deposit_type as deposit_type_name,
        deposit_type_id,
        publication_id as named_by,
        5 as precedence
    from {{ ref('record_deposit_types') }}

),

ranked as (

    select
        *,
        row_number() over (
            partition by lower(deposit_type_name)
            order by precedence, named_by, deposit_type_name
        ) as place
    from names
    where deposit_type_name is not null and (deposit_type_id is not null or precedence = 1)

)

select
    deposit_type_name,
    deposit_type_id,
    named_by
from ranked
where place = 1
