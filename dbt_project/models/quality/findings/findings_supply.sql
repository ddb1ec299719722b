{{ config(schema='intermediate', contract={'enforced': false}) }}

with

edges as (

    select * from {{ ref('bridge_supply_edges') }}

),

cells as (

    select distinct
        plant_id,
        direction,
        reference_as_published
    from {{ ref('bridge_supply_references') }}

),

-- Sister companies of one parent count as one holder.
holders as (

    select
        holders.record_id,
        companies.company_name,
        coalesce(companies.parent_company_id, companies.company_id) as group_id
    from {{ ref('int_company_holders') }} as holders
    inner join {{ ref('dim_companies') }} as companies on holders.company_id = companies.company_id

),

fed as (

    select
        edges.upstream_id,
        edges.downstream_id,
        edges.upstream_name,
        edges.downstream_name,
        {{ join_sorted('supplier_holders.company_name', ' and ') }} as supplier_companies,
        {{ join_sorted('plant_holders.company_name', ' and ') }} as plant_companies,
        max(case when supplier_holders.group_id = plant_holders.group_id then 1 else 0 end) as is_shared
    from edges
    inner join holders as supplier_holders on edges.upstream_id = supplier_holders.record_id
    inner join holders as plant_holders on edges.downstream_id = plant_holders.record_id
    where edges.upstream_kind in ('project', 'plant') and edges.downstream_kind = 'plant'
    group by edges.upstream_id, edges.downstream_id, edges.upstream_name, edges.downstream_name

),

-- A blank cell of the other plant contradicts nothing.
one_sided as (

    select
        edges.upstream_id,
        edges.downstream_id,
        edges.direction,
        cells.direction as other_direction,
        cells.reference_as_published as other_reference,
        case when edges.direction = 'upstream' then edges.downstream_name else edges.upstream_name end
            as plant_name,
        case when edges.direction = 'upstream' then edges.upstream_name else edges.downstream_name end
            as other_name
    from edges
    inner join cells
        on
            edges.direction <> cells.direction
            and case when edges.direction = 'upstream' then edges.upstream_id else edges.downstream_id end
            = cells.plant_id
    where
        edges.upstream_kind = 'plant' and edges.downstream_kind = 'plant'
        and not edges.is_self_reference and not edges.is_stated_by_both

)

select
    'operator_differs' as finding_type,
    '' as detail,
    concat(upstream_id, ';', downstream_id) as record_ids,
    concat(
        downstream_name, ' is run by ', plant_companies, ', but ', upstream_name,
        ', which feeds it, belongs to ', supplier_companies, '.'
    ) as sentence,
    'bridge_supply_edges and the holders of both ends' as evidence
from fed
where is_shared = 0
union all
select
    'self_reference' as finding_type,
    direction as detail,
    plant_id as record_ids,
    concat('The ', direction, ' cell of ', upstream_name, ' names the plant itself.') as sentence,
    concat(direction, ' cell: ', reference_as_published) as evidence
from edges
where is_self_reference
union all
select
    'unresolved_reference' as finding_type,
    edge_id as detail,
    plant_id as record_ids,
    concat(
        reference_part, ', ', direction, ' of ', coalesce(upstream_name, downstream_name),
        ', names no project, plant, company, country or region.'
    ) as sentence,
    concat(direction, ' cell: ', reference_as_published, '; ', note) as evidence
from edges
where not is_resolved
union all
select
    'one_sided_edge' as finding_type,
    direction as detail,
    concat(upstream_id, ';', downstream_id) as record_ids,
    concat(
        plant_name, ' names ', other_name, ' ', direction, ', but the ', other_direction,
        ' cell of ', other_name, ' names something else.'
    ) as sentence,
    concat('other cell: ', other_reference) as evidence
from one_sided
