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
    A year after the table's own is an expectation. So is the table's own year where something would have been
    built in it and the stage before is one where nothing is; a reviewed reading goes before this rule. The
    last stage reached and not ended is current.
-#}
{% macro status_stages(relation, id_column, stages) -%}
{%- set year = var('status_table_year') -%}
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

-- The last stage printed before, those of the table's own year aside: is it one where nothing is built?
preceded as (

    select
        parsed.*,
        stages.stage,
        stages.stage_order,
        parsed.effective_year = {{ year }} as is_in_table_year,
        not stages.is_before_building
        and max(case when stages.is_before_building then parsed.stage_position end) over earlier
        > coalesce(max(case
            when not stages.is_before_building and coalesce(parsed.effective_year, 0) <> {{ year }}
                then parsed.stage_position
        end) over earlier, 0) as follows_plan
    from parsed
    left join {{ stages }} as stages on parsed.stage_code = stages.stage_code
    window earlier as (
        partition by parsed.{{ id_column }} order by parsed.stage_position
        rows between unbounded preceding and 1 preceding
    )

),

dated as (

    select
        preceded.*,
        coalesce(preceded.effective_year > {{ year }}, false)
        -- A question mark instead of a year means a stage still to come.
        or preceded.stage_text like '%(?)'
        or coalesce(
            preceded.is_in_table_year and coalesce(not readings.is_reached, preceded.follows_plan), false
        ) as is_expected,
        coalesce(preceded.end_year < {{ year }}, false) as is_ended
    from preceded
    left join {{ ref('table_year_stages') }} as readings
        on preceded.{{ id_column }} = readings.record_id and preceded.stage_code = readings.stage_code

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
