{#- The whole numbers from 1 to `upper`, as a relation with one column `n`. -#}
{% macro numbers(upper) -%}
    {% for n in range(1, upper + 1) -%}
    select {{ n }} as n{{ " union all " if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- How many pieces a text has when split at a one-character separator. -#}
{% macro piece_count(text, separator) -%}
    (length({{ text }}) - length(replace({{ text }}, '{{ separator }}', '')) + 1)
{%- endmacro %}

{#- A list without what separates its pieces, so that a list and its pieces one after the other are the same text. -#}
{% macro list_letters(text) -%}
    {{ replace_matches(text, '[ ;；,，、]+|and', '') }}
{%- endmacro %}

{#-
    The stages a status cell names, one row each, in the order printed.

    Grammar: stage {("," | "&") stage}; stage = code ["(" year ["-" year] | "?" ")"].
    A year after the table's own is an expectation; the last stage reached and not ended is current.
-#}
{% macro status_stages(relation, id_column, stages) -%}
with

cells as (

    select
        {{ id_column }},
        status_as_published,
        status_text,
        replace(replace(replace(status_text, '&', ','), '，', ','), '、', ',') as status_list
    from {{ relation }}
    where status_text is not null

),

numbers as ({{ numbers(8) }}),

pieces as (

    select
        cells.{{ id_column }},
        cells.status_as_published,
        cells.status_text,
        numbers.n as stage_position,
        trim(split_part(cells.status_list, ',', numbers.n)) as stage_text
    from cells
    inner join numbers on {{ piece_count('cells.status_list', ',') }} >= numbers.n

),

parsed as (

    select
        *,
        regexp_extract(stage_text, '^([0-9A-Z]+)', 1) as stage_code,
        {{ parse_integer("regexp_extract(stage_text, '[(]([0-9]{4})', 1)") }} as effective_year,
        {{ parse_integer("regexp_extract(stage_text, '-([0-9]{4})[)]', 1)") }} as end_year
    from pieces

),

dated as (

    select
        parsed.*,
        stages.stage,
        stages.stage_order,
        coalesce(parsed.effective_year > {{ var('status_table_year') }}, false)
        -- A question mark instead of a year means a stage still to come.
        or parsed.stage_text like '%(?)' as is_expected,
        coalesce(parsed.end_year < {{ var('status_table_year') }}, false) as is_ended
    from parsed
    left join {{ stages }} as stages on parsed.stage_code = stages.stage_code

)

select
    {{ id_column }},
    stage_position,
    stage_code,
    stage,
    stage_order,
    effective_year,
    end_year,
    is_expected,
    not is_expected
    and not is_ended
    and stage_position = max(case when not is_expected and not is_ended then stage_position end)
        over (partition by {{ id_column }}) as is_current,
    stage_text,
    status_as_published,
    status_text
from dated
{%- endmacro %}
