{#- The statuses of plants have no end years. -#}
{%- set statuses = [
    ('fct_project_statuses', 'project_id', 'end_year'),
    ('fct_plant_statuses', 'plant_id', 'null'),
] -%}

-- Cells that become several rows, put together again from the marts alone: mart_value in the form in which
-- the cell is compared, new_value in the words of the mart.
with

-- A piece that names several ends has an edge for each, and is printed once.
edges as (

    select
        plant_id,
        direction,
        reference_position,
        reference_part,
        coalesce(case when direction = 'upstream' then upstream_name else downstream_name end, 'unresolved')
            as end_name,
        row_number() over (
            partition by plant_id, direction, reference_position, reference_part
            order by edge_id
        ) as mention
    from {{ ref('bridge_supply_references') }}

),

pieces as (

    {% for mart, key, end_year in statuses %}
    select
        '{{ mart }}' as mart,
        {{ key }} as mart_key,
        'stage_code' as mart_column,
        '' as member,
        string_agg(
            stage_code || case
                when effective_year is not null
                    then
                        '(' || cast(effective_year as string)
                        || coalesce('-' || cast({{ end_year }} as string), '')
                        -- A stage of the table's own year that is a plan.
                        || case
                            when is_expected and effective_year = {{ var('status_table_year') }} then '?'
                            else ''
                        end || ')'
                when is_expected then '(?)'
                else ''
            end,
            ',' order by stage_position
        ) as mart_value,
        string_agg(
            coalesce(stage, 'unmapped') || coalesce(' ' || cast(effective_year as string), '')
            || case when is_expected then ' expected' else '' end,
            '; ' order by stage_position
        ) as new_value,
        max(case when stage is null then 1 else 0 end) as is_unmapped
    from {{ ref(mart) }}
    group by {{ key }}
    union all
    {% endfor %}
    select
        'bridge_supply_references' as mart,
        plant_id as mart_key,
        'reference_part' as mart_column,
        direction as member,
        string_agg(
            case when mention = 1 then {{ list_letters('reference_part') }} else '' end,
            '' order by reference_position
        ) as mart_value,
        string_agg(end_name, '; ' order by reference_position, end_name) as new_value,
        0 as is_unmapped
    from edges
    group by plant_id, direction

)

select
    records.table_name,
    records.record_key,
    pieces.mart,
    pieces.mart_column,
    pieces.member,
    pieces.mart_value,
    pieces.new_value,
    pieces.is_unmapped = 1 as is_unmapped
from pieces
inner join {{ ref('int_account_records') }} as records on pieces.mart_key = records.mart_key
