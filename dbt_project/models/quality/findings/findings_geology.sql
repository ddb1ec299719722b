{{ config(schema='intermediate', contract={'enforced': false}) }}

with

-- Cerium is left out: oxidised to four valences, it parts from its neighbours in nature too.
elements as (

    select
        oxide,
        atomic_number
    from {{ ref('oxides') }}
    where element <> 'Ce'

),

shares as (

    select
        printed.project_id,
        projects.project_name,
        printed.oxide,
        elements.atomic_number,
        printed.share_of_treo_pct
    from {{ ref('int_oxide_shares') }} as printed
    inner join elements on printed.oxide = elements.oxide
    inner join {{ ref('dim_projects') }} as projects on printed.project_id = projects.project_id
    where printed.share_of_treo_pct > 0 and printed.source = 'liu_2023'

),

hosts as (

    select
        labels.project_id,
        labels.mineral,
        minerals.mineral_group
    from {{ ref('fct_project_minerals') }} as labels
    inner join {{ ref('dim_minerals') }} as minerals on labels.mineral = minerals.mineral
    where labels.rank = 1

)

select
    'even_odd_breach' as finding_type,
    concat(odd.oxide, ' ', even.oxide) as detail,
    odd.project_id as record_ids,
    concat(
        odd.project_name, ' prints more ', odd.oxide, ' (', {{ number_text('odd.share_of_treo_pct', 3) }},
        ' %) than ', even.oxide, ' (', {{ number_text('even.share_of_treo_pct', 3) }},
        ' %); an element of odd number is as a rule rarer than its even neighbours.'
    ) as sentence,
    'fct_compositions.share_as_published; Harkins (1917), J. Am. Chem. Soc. 39, 856-879' as evidence
from shares as odd
inner join shares as even
    on odd.project_id = even.project_id and abs(odd.atomic_number - even.atomic_number) = 1
where odd.atomic_number % 2 = 1 and odd.share_of_treo_pct > even.share_of_treo_pct
union all
select
    'type_against_host' as finding_type,
    contradictions.mineral_group as detail,
    projects.project_id as record_ids,
    concat(
        projects.project_name, ' is published as ', projects.deposit_type_as_published, ', read as ',
        deposit_types.deposit_type, ', but its first host is ', hosts.mineral, '.'
    ) as sentence,
    concat('fct_project_minerals; ', contradictions.reason) as evidence
from {{ ref('dim_projects') }} as projects
inner join {{ ref('dim_deposit_types') }} as deposit_types
    on projects.deposit_type_id = deposit_types.deposit_type_id
inner join hosts on projects.project_id = hosts.project_id
inner join {{ ref('type_host_contradictions') }} as contradictions
    on
        deposit_types.deposit_family = contradictions.deposit_family
        and hosts.mineral_group = contradictions.mineral_group
