-- The other end of the account: what each mart holds of a raw row, in the form in which it is compared.
select
    table_name,
    record_key,
    mart,
    mart_column,
    member,
    mart_value,
    mart_value as new_value,
    false as is_unmapped
from {{ ref('int_mart_cells') }}
union all
select
    table_name,
    record_key,
    mart,
    mart_column,
    '' as member,
    mart_value,
    mart_value as new_value,
    false as is_unmapped
from {{ ref('int_mart_keys') }}
union all
select
    table_name,
    record_key,
    mart,
    mart_column,
    member,
    mart_value,
    new_value,
    is_unmapped
from {{ ref('int_mart_pieces') }}
union all
select
    table_name,
    record_key,
    mart,
    mart_column,
    member,
    mart_value,
    new_value,
    is_unmapped
from {{ ref('int_mart_figures') }}
