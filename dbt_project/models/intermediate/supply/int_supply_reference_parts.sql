with

cells as (

    select
        plant_id,
        'upstream' as direction,
        upstream_as_published as reference_as_published,
        upstream_text as reference_text
    from {{ ref('stg_liu_2023__plants') }}
    where upstream_text is not null
    union all
    select
        plant_id,
        'downstream' as direction,
        downstream_as_published as reference_as_published,
        downstream_text as reference_text
    from {{ ref('stg_liu_2023__plants') }}
    where downstream_text is not null

),

numbers as ({{ numbers(24) }}),

clauses as (

    select
        cells.*,
        numbers.n as clause_position,
        trim(split_part(replace(cells.reference_text, '；', ';'), ';', numbers.n)) as clause
    from cells
    inner join numbers
        on {{ piece_count("replace(cells.reference_text, '；', ';')", ';') }} >= numbers.n

),

listed as (

    select
        *,
        replace(
            replace(replace(replace(clause, ', and ', ','), ' and ', ','), '，', ','), '、', ','
        ) as clause_list
    from clauses

),

parts as (

    select
        plant_id,
        direction,
        reference_as_published,
        reference_text,
        'cell' as split_level,
        0 as clause_position,
        0 as item_position,
        reference_text as reference_part
    from cells
    union all
    select
        plant_id,
        direction,
        reference_as_published,
        reference_text,
        'clause' as split_level,
        clause_position,
        0 as item_position,
        clause as reference_part
    from clauses
    union all
    select
        listed.plant_id,
        listed.direction,
        listed.reference_as_published,
        listed.reference_text,
        'item' as split_level,
        listed.clause_position,
        numbers.n as item_position,
        trim(split_part(listed.clause_list, ',', numbers.n)) as reference_part
    from listed
    inner join numbers on {{ piece_count('listed.clause_list', ',') }} >= numbers.n

)

select
    *,
    {{ supply_name_key('reference_part') }} as name_key
from parts
where reference_part <> ''
