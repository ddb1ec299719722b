-- Names of one site that a reader of names cannot distinguish are rows of their own: each has its source.
with

names as (

    select
        site_id,
        site_name,
        'site' as name_kind,
        'project_sites' as named_by
    from {{ ref('dim_projects') }}

    union

    select
        site_id,
        project_name as site_name,
        'project' as name_kind,
        'liu_2023' as named_by
    from {{ ref('dim_projects') }}

    union

    select
        site_id,
        record_name as site_name,
        'record' as name_kind,
        publication_id as named_by
    from {{ ref('bridge_site_records') }}
    where link_verdict = 'same_deposit' and publication_id != 'liu_2023'

    union

    select
        site_id,
        alias as site_name,
        'alias' as name_kind,
        evidence as named_by
    from {{ ref('site_aliases') }}

)

select
    site_id,
    site_name as known_name,
    name_kind,
    min(named_by) as named_by
from names
where site_id is not null and site_name is not null
group by site_id, site_name, name_kind
