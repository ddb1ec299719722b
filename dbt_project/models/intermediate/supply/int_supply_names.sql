with

shared_sites as (

    select site_id
    from {{ ref('project_sites') }}
    group by site_id
    having count(*) > 1

),

numbers as ({{ numbers(6) }}),

-- Sub-deposits and other names: the text before, between and after brackets and slashes.
bracketed as (

    select
        project_id,
        replace(replace(project_name, '(', '/'), ')', '') as name_list
    from {{ ref('stg_liu_2023__projects') }}

),

spelt as (

    select
        end_name as known_name,
        end_kind as target_kind,
        end_id as target_id,
        case end_kind
            when 'country' then 'country_name'
            when 'region' then 'region_name'
            else 'exact_name'
        end as match_method,
        case end_kind when 'project' then 1 when 'plant' then 1 when 'company' then 4 else 5 end as match_rank
    from {{ ref('int_supply_ends') }}
    union all
    select
        sites.site_name as known_name,
        'project' as target_kind,
        sites.project_id as target_id,
        'site_name' as match_method,
        2 as match_rank
    from {{ ref('project_sites') }} as sites
    inner join shared_sites on sites.site_id = shared_sites.site_id
    union all
    select
        trim(split_part(bracketed.name_list, '/', numbers.n)) as known_name,
        'project' as target_kind,
        bracketed.project_id as target_id,
        'name_part' as match_method,
        3 as match_rank
    from bracketed
    inner join numbers on {{ piece_count('bracketed.name_list', '/') }} >= numbers.n
    union all
    select
        company_text as known_name,
        'company' as target_kind,
        company_id as target_id,
        'exact_name' as match_method,
        4 as match_rank
    from {{ ref('company_spellings') }}
    where company_id is not null

),

keyed as (

    select
        *,
        {{ supply_name_key('known_name') }} as name_key
    from spelt

),

-- A name that several share says nothing, unless it is the name of the site they lie in.
counted as (

    select
        *,
        min(target_id) over (partition by name_key, match_rank) as first_target_id,
        max(target_id) over (partition by name_key, match_rank) as last_target_id
    from keyed
    where name_key <> ''

),

unambiguous as (

    select
        *,
        min(match_rank) over (partition by name_key) as best_rank
    from counted
    where first_target_id = last_target_id or match_method = 'site_name'

)

select distinct
    name_key,
    target_kind,
    target_id,
    match_method
from unambiguous
where match_rank = best_rank
