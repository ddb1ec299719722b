-- A record is a deposit of one site, a part of one, or left out; only a district or complex holds several.
with

claims as (

    select
        source_record_key,
        site_id
    from {{ ref('site_record_links') }}
    where link_verdict in ('same_deposit', 'part_of_site')
    union all
    select distinct
        concat(matches.source, ':', matches.source_site) as source_record_key,
        projects.site_id
    from {{ ref('second_source_matches') }} as matches
    inner join {{ ref('project_sites') }} as projects on matches.project_id = projects.project_id
    union all
    select
        source_record_key,
        'left out' as site_id
    from {{ ref('records_left_out') }}

)

select source_record_key
from claims
group by source_record_key
having count(*) > 1
