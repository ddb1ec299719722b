{%- set tonnes = {'kt': '1e3', 't': '1e0', 'kg': '1e-3', '万吨': '1e4', '吨': '1e0'} -%}

-- The amounts in tonnes and the years that a capacity or yield cell prints, in one sorted list. Read without
-- the reviewed readings and units, so that a slip in those shows.
with

-- "1,500" is one number; a number after a letter, as in Pr6O11 or Nd80%, is a part of a name.
numbered as (

    select
        record_key,
        column_name,
        {{ replace_matches(
            replace_matches(
                replace_matches('read_text', '([0-9]),([0-9][0-9][0-9])', '\\1\\2'), '[A-Za-z][0-9.]+', ' '
            ),
            '([0-9][0-9.]*)', '¦\\1'
        ) }} as numbered_text
    from {{ ref('int_raw_cells') }}
    where table_name = 'plants' and column_name in ('capacity', 'yield') and read_text is not null

),

positions as ({{ numbers(60) }}),

pieces as (

    select
        numbered.record_key,
        numbered.column_name,
        positions.n as piece_position,
        split_part(numbered.numbered_text, '¦', positions.n + 1) as piece
    from numbered
    inner join positions on {{ piece_count('numbered.numbered_text', '¦') }} > positions.n

),

parsed as (

    select
        *,
        {{ parse_decimal("regexp_extract(piece, '^([0-9.]*[0-9])', 1)") }} as number,
        lower(regexp_extract(piece, '^[0-9.]+ ?({{ tonnes | join("|") }}|T|kT|KT)([^A-Za-z]|$)', 1)) as unit,
        coalesce(regexp_extract(piece, '^[0-9.]+ ?[~–-] ?$', 0), '') <> '' as is_low_end
    from pieces

),

-- The unit of a range is printed after its upper end.
ranges as (

    select
        *,
        case
            when is_low_end
                then lead(unit) over (partition by record_key, column_name order by piece_position)
            else unit
        end as own_unit
    from parsed

),

figures as (

    select
        record_key,
        column_name,
        number * case own_unit
            {% for unit, factor in tonnes.items() %}
            when '{{ unit }}' then {{ factor }}
            {% endfor %}
            else 1
        end as number
    from ranges

)

select
    record_key,
    column_name,
    {{ list_numbers('number') }} as printed_value
from figures
group by record_key, column_name
