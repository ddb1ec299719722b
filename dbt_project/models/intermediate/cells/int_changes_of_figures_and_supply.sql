-- Cells that become rows of their own: figures of capacities and yields, references of the supply chain.
with

figures as (

    select
        plant_id as record_id,
        measure as column_name,
        figure_position as piece_position,
        product
        || coalesce(' ' || cast(amount_low_t as string), '')
        || case
            when amount_high_t <> amount_low_t then ' to ' || cast(amount_high_t as string)
            else ''
        end
        || case when is_per_year then ' t/y' else ' t' end as piece
    from {{ ref('fct_plant_capacities') }}

),

edges as (

    select
        plant_id as record_id,
        direction as column_name,
        reference_position as piece_position,
        coalesce(case when direction = 'upstream' then upstream_name else downstream_name end, 'unresolved')
            as piece
    from {{ ref('bridge_supply_edges') }}

)

select
    record_id,
    column_name,
    string_agg(piece, '; ' order by piece_position, piece) as new_value,
    'figures_parsed' as rule,
    cast(null as string) as reason
from figures
group by record_id, column_name
union all
select
    record_id,
    column_name,
    string_agg(piece, '; ' order by piece_position, piece) as new_value,
    'references_resolved' as rule,
    cast(null as string) as reason
from edges
group by record_id, column_name
