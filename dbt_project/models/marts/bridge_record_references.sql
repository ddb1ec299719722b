{%- set cited = {
    'project': ['composition', 'status', 'deposit_type', 'resource'],
    'plant': ['status', 'capacity', 'yield', 'upstream', 'downstream'],
} -%}
with

cells as (

    {% for kind, purposes in cited.items() -%}
    {% set last_kind = loop.last %}
    {% for purpose in purposes -%}
    select
        {{ kind }}_id as record_id,
        '{{ kind }}' as record_kind,
        '{{ purpose }}' as cited_for,
        {{ purpose }}_references as reference_keys
    from {{ ref('dim_' ~ kind ~ 's') }}
    {{ "union all" if not (last_kind and loop.last) }}
    {% endfor %}
    {%- endfor %}

),

numbers as ({{ numbers(8) }})

select
    cells.record_id,
    cells.record_kind,
    cells.cited_for,
    numbers.n as reference_position,
    trim(split_part(cells.reference_keys, ';', numbers.n)) as reference_key
from cells
inner join numbers on {{ piece_count('cells.reference_keys', ';') }} >= numbers.n
where cells.reference_keys is not null
