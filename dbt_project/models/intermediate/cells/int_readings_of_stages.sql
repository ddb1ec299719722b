{%- set year = '(' ~ var('status_table_year') ~ ')' %}
{%- set pattern = '[(]' ~ var('status_table_year') ~ '[)]' %}
-- How each status cell reads a stage dated in the table's own year: (2022?) where it is a plan. Worked out
-- from the cell and the reviewed readings, apart from the model of the statuses.
with

codes as (

    select
        'projects' as table_name,
        stage_code,
        is_before_building
    from {{ ref('project_stages') }}
    union all
    select
        'plants' as table_name,
        stage_code,
        is_before_building
    from {{ ref('plant_stages') }}

),

cells as (

    select
        table_name,
        record_key,
        record_id,
        {{ replace_matches("translate(read_text, '&，、', ',,,')", ' ', '') }} as status_list
    from {{ ref('int_raw_cells') }}
    where
        source = 'liu_2023' and column_name = 'status_2022'
        and read_text like '%{{ year }}%'

),

-- The code before the first stage of the table's own year says what a cell was at until then.
until_then as (

    select
        *,
        regexp_extract(
            regexp_extract(status_list, '^(.*?),[0-9A-Z]+{{ pattern }}', 1), '([0-9A-Z]+)([(][0-9-]+[)])?$', 1
        ) as code_before
    from cells

),

positions as ({{ numbers(8) }}),

pieces as (

    select
        until_then.*,
        positions.n as piece_position,
        split_part(until_then.status_list, ',', positions.n) as piece,
        regexp_extract(split_part(until_then.status_list, ',', positions.n), '^([0-9A-Z]+)', 1) as stage_code
    from until_then
    inner join positions on {{ piece_count('until_then.status_list', ',') }} >= positions.n

),

judged as (

    select
        pieces.*,
        pieces.piece like '%{{ year }}' as is_in_table_year,
        readings.reason,
        coalesce(
            not readings.is_reached,
            not own.is_before_building and preceding_codes.is_before_building,
            false
        ) as is_plan
    from pieces
    left join {{ ref('table_year_stages') }} as readings
        on pieces.record_id = readings.record_id and pieces.stage_code = readings.stage_code
    left join codes as own on pieces.table_name = own.table_name and pieces.stage_code = own.stage_code
    left join codes as preceding_codes
        on pieces.table_name = preceding_codes.table_name and pieces.code_before = preceding_codes.stage_code

)

select
    table_name,
    record_key,
    'status_2022' as column_name,
    'stages' as comparison,
    string_agg(
        case when is_in_table_year and is_plan then replace(piece, ')', '?)') else piece end,
        ',' order by piece_position
    ) as reading,
    case
        when max(case when is_in_table_year and is_plan then 1 else 0 end) = 1
            then 'table_year_read_as_plan'
        else 'table_year_read_as_reached'
    end as rule,
    coalesce(
        max(case when is_in_table_year then reason end),
        'by the stage printed before it, without another source'
    ) as reason
from judged
group by table_name, record_key
